// Fixed facts of the server double: who signs in, which jobs exist, what the sample project holds.

export const account = { id: 1, name: 'Northwind Trading' };

export const user = {
  id: 7,
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
};

/** The double's only password. It protects nothing: the double listens on the loopback address. */
export const password = 'millwright';

export const project = { id: 3, name: 'Shop' };

export const environments = [
  { id: 11, name: 'Production' },
  { id: 12, name: 'Staging' },
];

const build = ['dbt build'];
const cron = (expression) => ({ cron: expression, date: 'custom_cron', time: 'at_exact_hours' });

export const jobs = [
  {
    id: 101,
    name: 'Nightly build',
    environment: 11,
    steps: build,
    plan: 'good',
    docs: true,
    schedule: cron('0 2 * * *'),
  },
  {
    id: 102,
    name: 'Hourly freshness',
    environment: 11,
    steps: ['dbt source freshness'],
    plan: 'quick',
    schedule: cron('15 * * * *'),
  },
  {
    id: 103,
    name: 'Finance marts',
    environment: 11,
    steps: build,
    plan: 'broken',
    schedule: cron('30 5 * * 1-5'),
  },
  {
    id: 104,
    name: 'CI checks',
    environment: 12,
    steps: ['dbt build --select state:modified+'],
    plan: 'failing_test',
  },
  {
    id: 105,
    name: 'Backfill of the whole order history, by month, with full refresh and statistics',
    environment: 12,
    steps: ['dbt build --full-refresh'],
    plan: 'huge',
  },
  { id: 106, name: 'تقرير المبيعات اليومي 🧾', environment: 11, steps: build, plan: 'good' },
  { id: 107, name: 'Clone trouble', environment: 12, steps: build, plan: 'no_clone' },
];

export const causes = [
  { category: 'scheduled', text: 'Scheduled' },
  { category: 'api', text: 'Triggered by the orchestrator through the API' },
  { category: 'ui', text: 'Kicked off from the web application by Ada Lovelace' },
  {
    category: 'ci',
    text: 'Pull request 128: Orders: net of returns',
    branch: 'feature/orders-net',
    pullRequest: 128,
  },
  { category: 'job completion', text: 'Job “Nightly build” completed' },
];

const stagingNames = ['customers', 'orders', 'order_items', 'products', 'payments', 'stores'];
const intermediate = [
  'int_order_items_enriched',
  'int_orders_paid',
  'int_customer_orders',
  'int_returns',
  'int_store_days',
];
const marts = [
  'dim_customers',
  'dim_products',
  'dim_stores',
  'dim_dates',
  'fct_orders',
  'fct_order_items',
  'fct_payments',
  'fct_daily_sales',
  'fct_store_sales',
  'customer_lifetime_value',
  'product_margins',
  'basket_pairs',
  'cohort_retention',
  'returns_by_reason',
];

const model = (name, folder, materialized, seconds) => ({
  unique_id: `model.shop.${name}`,
  name,
  resource_type: 'model',
  materialized,
  path: `models/${folder}/${name}.sql`,
  seconds,
});

const testsOf = (name) =>
  [
    ['not_null', 0.05],
    ['unique', 0.06],
    ['relationships', 0.11],
  ].map(([kind, seconds]) => ({
    unique_id: `test.shop.${kind}_${name}_id.a1b2c3`,
    name: `${kind}_${name}_id`,
    resource_type: 'test',
    materialized: 'test',
    path: `models/${name}.yml`,
    seconds,
    parent: name,
  }));

/** Every node of the sample project in the order in which `dbt build` runs it. */
export function projectNodes() {
  const seeds = stagingNames.map((name) => ({
    unique_id: `seed.shop.raw_${name}`,
    name: `raw_${name}`,
    resource_type: 'seed',
    materialized: 'seed',
    path: `seeds/raw_${name}.csv`,
    seconds: 0.35,
  }));
  const nodes = [...seeds];
  for (const name of stagingNames)
    nodes.push(model(`stg_${name}`, 'staging', 'view', 0.12), ...testsOf(`stg_${name}`));
  for (const name of intermediate)
    nodes.push(model(name, 'intermediate', 'view', 0.16), ...testsOf(name));
  nodes.push({
    unique_id: 'snapshot.shop.customers_snapshot',
    name: 'customers_snapshot',
    resource_type: 'snapshot',
    materialized: 'snapshot',
    path: 'snapshots/customers.sql',
    seconds: 0.8,
  });
  for (const name of marts)
    nodes.push(
      model(name, 'marts', name === 'fct_orders' ? 'incremental' : 'table', 0.6),
      ...testsOf(name),
    );
  return nodes;
}
