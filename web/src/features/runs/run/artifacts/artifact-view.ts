/** What is known about the files that dbt writes. */
const known: Record<string, string> = {
  'manifest.json': 'The whole project as dbt parsed it',
  'run_results.json': 'Outcome and time of every node',
  'catalog.json': 'Columns and statistics of the warehouse, for the docs',
  'sources.json': 'Freshness of the sources',
  'index.html': 'The documentation site',
  'semantic_manifest.json': 'Metrics and semantic models',
  'graph.gpickle': 'The graph of nodes, as Python keeps it',
  'partial_parse.msgpack': 'Parsing state, to parse faster next time',
};

export function describeArtifact(path: string): string {
  if (known[path] !== undefined) return known[path];
  if (path.startsWith('compiled/')) return 'Compiled SQL';
  return path.startsWith('run/') ? 'SQL as it was run' : '';
}

/** The files that people come for first, then the rest by path. */
export function orderArtifacts(paths: readonly string[]): string[] {
  const first = Object.keys(known);
  const rank = (path: string) => {
    const place = first.indexOf(path);
    return place < 0 ? (path.includes('/') ? first.length + 1 : first.length) : place;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}
