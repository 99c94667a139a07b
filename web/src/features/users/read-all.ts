import { type Query, v3 } from '@/api/client';

/** As many as the API gives at once. */
const pageRows = 100;
const atOnce = 4;

/** A whole list of the account's people and what is about them: thousands at most, sought and sorted in the page. */
export async function readAll<Row>(
  path: string,
  query: Query,
  signal: AbortSignal,
  api: Pick<typeof v3, 'get'> = v3,
): Promise<Row[]> {
  const read = (offset: number) =>
    api.get<Row[]>(path, { query: { ...query, limit: pageRows, offset }, signal });
  const first = await read(0);
  const rows = [...first.data];
  const total = first.extra?.pagination?.total_count ?? rows.length;
  for (let at = pageRows; at < total; at += pageRows * atOnce) {
    const places = Array.from({ length: atOnce }, (_, place) => at + place * pageRows);
    const pages = await Promise.all(places.filter((offset) => offset < total).map(read));
    for (const page of pages) rows.push(...page.data);
  }
  return rows;
}
