/** What the command palette offers, and in which order. Pure. */

export const paletteGroups = [
  'Runs',
  'Pages',
  'Jobs',
  'Environments',
  'Projects',
  'Catalog',
] as const;
export type PaletteGroup = (typeof paletteGroups)[number];

export interface PaletteItem {
  /** Of the option's element, too. */
  id: string;
  group: PaletteGroup;
  title: string;
  /** Said beside the title, and searched as well. */
  hint?: string | undefined;
  /** An address of this application. */
  href: string;
}

const mostOfAGroup = 6;

/** The number of a run: `#12`, `12`. */
export function runNumber(query: string): number | null {
  const found = /^#?(\d{1,15})$/.exec(query.trim());
  const number = Number(found?.[1] ?? 0);
  return number > 0 ? number : null;
}

/** 0 is best; null does not match. Every word must be somewhere. */
export function rankOf({ title, hint }: PaletteItem, query: string): number | null {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return 0;
  const name = title.toLowerCase();
  const text = `${name} ${(hint ?? '').toLowerCase()}`;
  const words = wanted.split(/\s+/);
  if (!words.every((word) => text.includes(word))) return null;
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[\s_.·-]+/).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) ? 3 : 4;
}

/** The best of each group, one group after the other; an item twice is shown once. */
export function arrange(items: readonly PaletteItem[], query: string): PaletteItem[] {
  const seen = new Set<string>();
  const ranked = items.flatMap((item) => {
    const rank = rankOf(item, query);
    if (rank === null || seen.has(item.id)) return [];
    seen.add(item.id);
    return [{ item, rank }];
  });
  return paletteGroups.flatMap((group) =>
    ranked
      .filter(({ item }) => item.group === group)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, mostOfAGroup)
      .map(({ item }) => item),
  );
}

/** Where an arrow key leads; around the ends. */
export function moved(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? -1 : (at + by + count) % count;
}
