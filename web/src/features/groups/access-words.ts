import type { AreaAccess, Place } from './effective';
import { areaWords, isOfProject } from './permission-sets';

export interface AccessLine {
  key: string;
  access: 'read' | 'write';
  /** “in all projects”, “in the account” */
  where: string;
  /** “Jobs”, “Runs”, … */
  areas: string[];
}

/** A project by its id; null for one that is not there to be named. */
export type NameOf = (project: number) => string | null;

/** “development and staging” */
export function sentenceList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function whereOf(place: Place, ofProject: boolean, nameOf: NameOf): string {
  if (!ofProject) return 'in the account';
  const projects =
    place.project === null
      ? 'in all projects'
      : `in ${nameOf(place.project) ?? `project ${place.project}`}`;
  if (place.categories.length === 0) return projects;
  return `${projects}, ${sentenceList(place.categories)} environments only`;
}

/** Areas of which the same is said, in one line; what may be changed first, the widest place first. */
export function accessLines(access: readonly AreaAccess[], nameOf: NameOf): AccessLine[] {
  const lines = new Map<string, AccessLine & { rank: number }>();
  for (const { area, places } of access) {
    const ofProject = isOfProject(area);
    for (const place of places) {
      const where = whereOf(place, ofProject, nameOf);
      const key = `${place.access} ${where}`;
      const rank =
        (ofProject ? 10 : 0) +
        (place.access === 'write' ? 0 : 4) +
        (place.project === null ? 0 : 2) +
        (place.categories.length === 0 ? 0 : 1);
      const line = lines.get(key) ?? { key, access: place.access, where, areas: [], rank };
      line.areas.push(areaWords[area]);
      lines.set(key, line);
    }
  }
  return [...lines.values()].sort((a, b) => a.rank - b.rank).map(({ rank: _, ...line }) => line);
}
