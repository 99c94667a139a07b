/** What the account's features are called. One that is not here shows its own name. */
const names: Record<string, string> = {
  'advanced-ci': 'Advanced CI',
  'partial-parsing': 'Partial parsing',
  'repo-caching': 'Repository caching',
  'ai-features': 'AI features',
  'catalog-ingestion': 'Catalog ingestion',
  'explorer-account-ui': 'Account-wide catalog',
  'fusion-migration-permissions': 'Fusion migration permissions',
  'cost-insights': 'Cost insights',
  'warehouse-cost-visibility': 'Warehouse cost visibility',
};

export function featureName(key: string): string {
  return names[key] ?? key;
}
