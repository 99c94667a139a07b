export type SqlKind = 'word' | 'text' | 'comment' | 'number' | 'plain';

export interface SqlToken {
  kind: SqlKind;
  text: string;
}

const keywords = new Set(
  `all alter and any array as asc between by case cast cluster create cross current date default delete desc
  distinct drop else end except exists extract false fetch filter first following for from full group grouping
  having if ilike in inner insert intersect interval into is join last lateral left like limit materialized
  merge natural not null nulls offset on or order outer over partition preceding qualify range recursive
  replace right row rows select set table temporary then time timestamp to true unbounded union unique
  unnest update using values view when where window with within`.split(/\s+/),
);

/** A comment, a text or quoted name, a number, a word, or anything else: one after the other. */
const form =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$))|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)|([\s\S])/g;

function kindOf(groups: readonly (string | undefined)[]): SqlKind {
  const [comment, text, , number, word] = groups;
  if (comment !== undefined) return 'comment';
  if (text !== undefined) return 'text';
  if (number !== undefined) return 'number';
  return word !== undefined && keywords.has(word.toLowerCase()) ? 'word' : 'plain';
}

/** SQL cut for colouring. All dialects alike, which is enough to read by; neighbours of one kind are joined. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const [text, ...groups] of sql.matchAll(form)) {
    const kind = kindOf(groups);
    const last = tokens.at(-1);
    if (last?.kind === kind) last.text += text;
    else tokens.push({ kind, text });
  }
  return tokens;
}
