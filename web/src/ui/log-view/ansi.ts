import { AnsiUp } from 'ansi_up';
import { type AnsiColour, ansiColours } from '../tokens';

/** A stretch of a log line in one style. */
export interface Segment {
  text: string;
  colour?: AnsiColour;
  bold?: boolean;
  faint?: boolean;
  italic?: boolean;
  underline?: boolean;
  /** Part of what was searched for. */
  found?: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a link's own frame, whose text stays.
const links = /\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

const spans = /<span(?: style="([^"]*)")?(?: class="([^"]*)")?>([^<]*)<\/span>|([^<]+)/g;

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

function unescapeHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}

/** A progress bar rewrites its line with carriage returns: only the last state is worth showing. */
function lastState(text: string): string {
  if (!text.includes('\r')) return text;
  const states = text.split('\r').filter((state) => state !== '');
  return states.at(-1) ?? '';
}

/** The line as a reader sees it, without colours: for search and for copying. */
export function plainText(text: string): string {
  return lastState(text.includes('\u001b') ? text.replace(escapes, '') : text);
}

function colourOf(classes: string): AnsiColour | undefined {
  const name = /ansi-(?:bright-)?([a-z]+)-fg/.exec(classes)?.[1];
  return ansiColours.find((colour) => colour === name);
}

function styled(style: string, classes: string, text: string): Segment {
  const segment: Segment = { text };
  const colour = colourOf(classes);
  if (colour !== undefined) segment.colour = colour;
  if (style.includes('font-weight')) segment.bold = true;
  if (style.includes('opacity')) segment.faint = true;
  if (style.includes('font-style')) segment.italic = true;
  if (style.includes('underline')) segment.underline = true;
  return segment;
}

/**
 * Splits a line into styled stretches. ansi_up reads the escape sequences; its HTML never reaches the
 * page, only the classes do, so that both themes keep their contrast and nothing can be injected.
 */
export function parseAnsi(line: string): Segment[] {
  const text = lastState(line);
  if (!text.includes('\u001b')) return [{ text }];
  const reader = new AnsiUp();
  reader.use_classes = true;
  const html = reader.ansi_to_html(text.replace(links, ''));
  const segments: Segment[] = [];
  for (const [, style, classes, inside, outside] of html.matchAll(spans)) {
    const content = unescapeHtml(inside ?? outside ?? '');
    segments.push(styled(style ?? '', classes ?? '', content));
  }
  return segments;
}

/** Cuts the segments so that every occurrence of `query`, in any case, is a `found` one of its own. */
export function markFound(segments: readonly Segment[], query: string): Segment[] {
  if (query === '') return [...segments];
  const whole = segments
    .map((segment) => segment.text)
    .join('')
    .toLowerCase();
  const wanted = query.toLowerCase();
  const marked: Segment[] = [];
  let next = whole.indexOf(wanted);
  let at = 0;
  for (const segment of segments) {
    const end = at + segment.text.length;
    let from = at;
    while (from < end) {
      while (next >= 0 && next + wanted.length <= from)
        next = whole.indexOf(wanted, next + wanted.length);
      const inside = next >= 0 && next <= from;
      const border = next < 0 ? end : inside ? next + wanted.length : next;
      const to = Math.min(end, border);
      const part: Segment = { ...segment, text: segment.text.slice(from - at, to - at) };
      marked.push(inside ? { ...part, found: true } : part);
      from = to;
    }
    at = end;
  }
  return marked;
}
