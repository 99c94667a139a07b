/** What people call the adapters, which the API knows by a word. In the order of a list to choose from. */
const titles: Record<string, string> = {
  athena: 'Amazon Athena',
  apache_spark: 'Apache Spark',
  synapse: 'Azure Synapse',
  bigquery: 'BigQuery',
  clickhouse: 'ClickHouse',
  databricks: 'Databricks',
  databricks_spark: 'Databricks (Spark)',
  duckdb: 'DuckDB',
  fabric: 'Microsoft Fabric',
  postgres: 'PostgreSQL',
  redshift: 'Redshift',
  snowflake: 'Snowflake',
  teradata: 'Teradata',
  trino: 'Trino or Starburst',
};

export const adapterChoices = Object.entries(titles).map(([value, label]) => ({ value, label }));

/** `postgres` of `postgres_v0`. */
export function adapterOf(version: string): string {
  return version.replace(/_v\d+$/, '');
}

export function adapterTitle(version: string): string {
  const adapter = adapterOf(version);
  return titles[adapter] ?? adapter;
}

export function withVersion(adapter: string): string {
  return /_v\d+$/.test(adapter) ? adapter : `${adapter}_v0`;
}

/** Where a connection leads, in one line. */
export function placeOf(config: Record<string, unknown>): string {
  const first = (...names: string[]) =>
    names.map((name) => config[name]).find((value) => value !== undefined && value !== '');
  const host = first(
    'hostname',
    'host',
    'account',
    'gcp_project_id',
    'server',
    'path',
    'region_name',
  );
  const port = first('port');
  const database = first('dbname', 'database', 'catalog');
  const server = port === undefined ? host : `${host}:${port}`;
  return [server, database].filter((part) => part !== undefined).join(' / ');
}
