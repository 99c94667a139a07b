/** dbt Cloud's long step names, cut to what tells them apart. */
export function shortStepName(name: string): string {
  const invoked = /^Invoke dbt with [`'"](.+)[`'"]$/.exec(name);
  if (invoked?.[1] !== undefined) return invoked[1];
  if (/^Clone git repository/i.test(name)) return 'Clone';
  if (/^Create profile/i.test(name)) return 'Profile';
  return name;
}
