// What the double says of git hosts, of pull requests and of what a run changed. Kept in memory.

import { environments, project } from './world.mjs';

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const installation = {
  id: 9001,
  login: 'northwind',
  suspended: false,
  broken_since: null,
  broken_reason: null,
  created_at: ago(90_000),
};

const repository = (id, full_name, remote_url, facts = {}) => ({
  id,
  project_id: project.id,
  remote_url,
  full_name,
  remote_backend: 'git',
  git_clone_strategy: 'deploy_key',
  pull_request_url_template: null,
  github_installation_id: null,
  deploy_key: null,
  created_at: ago(50_000),
  updated_at: ago(50_000),
  ...facts,
});

const repositories = [
  repository(21, 'northwind/shop', 'git@github.com:northwind/shop.git'),
  repository(22, 'data/shop', 'https://gitlab.northwind.example/data/shop.git'),
  repository(23, 'northwind/mart', 'https://github.com/northwind/mart.git', {
    git_clone_strategy: 'github_app',
    github_installation_id: 9001,
  }),
  repository(24, 'shop', 'https://millwright.example/git/shop.git', { remote_backend: 'managed' }),
];

const projectShape = {
  ...project,
  description: null,
  connection_id: null,
  repository_id: 21,
  dbt_project_subdirectory: null,
  created_at: ago(60_000),
  updated_at: ago(60_000),
  connection: null,
  repository: { id: 21, full_name: 'northwind/shop' },
};

const switches = { github_app: true, links: true };
const hosts = () => ({
  github_app: {
    available: true,
    enabled: switches.github_app,
    base_url: 'https://github.com',
    install_url: 'https://github.com/apps/millwright/installations/new',
    configure_url: 'https://github.com/apps/millwright/installations/select_target',
    installations: [installation],
  },
  links: { available: true, enabled: switches.links },
});

const newLink = (id, body) => ({
  repository_id: id,
  has_token: true,
  webhook_url: `https://millwright.example/api/v1/webhooks/repository/${id}/`,
  broken_since: null,
  broken_reason: null,
  last_used_at: null,
  last_delivery_at: null,
  ...body,
});

const links = new Map([
  [
    22,
    newLink(22, {
      kind: 'gitlab',
      api_url: 'https://gitlab.northwind.example/api/v4',
      broken_since: ago(130),
      broken_reason: '401: Token is expired. You can either do re-authorization or token refresh.',
      last_used_at: ago(140),
      last_delivery_at: ago(130),
    }),
  ],
]);

const secretOf = () => `mwh_${Math.random().toString(36).slice(2)}${'k7Qw0pZr'.repeat(3)}`;

function link(id, method, body) {
  const known = links.get(id);
  if (method === 'PUT') {
    const { token: _token, rotate_webhook_secret: rotate, ...rest } = body;
    const saved = { ...(known ?? newLink(id, {})), ...rest, broken_since: null };
    links.set(id, saved);
    return known && !rotate ? saved : { ...saved, webhook_secret: secretOf() };
  }
  if (method === 'DELETE') links.delete(id);
  return known ?? null;
}

const tested = {
  ok: true,
  who: 'ada-northwind',
  note: 'A fine-grained token needs Commit statuses (write), Pull requests (write) and Contents (read); a classic one repo.',
  checks: [
    { what: 'read', ok: true, says: 'The token may read the repository.' },
    { what: 'status', ok: true, says: 'It may set statuses of commits.' },
    {
      what: 'comment',
      ok: null,
      says: 'The host does not say whether it may comment on pull requests: the first try will.',
    },
  ],
};

const appRepositories = ['northwind/finance', 'northwind/mart', 'northwind/shop'].map((name) => ({
  full_name: name,
  clone_url: `https://github.com/${name}.git`,
  web_url: `https://github.com/${name}`,
  default_branch: 'main',
  is_private: true,
  github_installation_id: 9001,
}));

const pull = (number, title, author, head_branch, minutes, facts = {}) => ({
  id: number,
  number,
  title,
  author,
  url: `https://github.com/northwind/shop/pull/${number}`,
  head_sha: 'c'.repeat(40),
  head_branch,
  base_branch: 'main',
  is_draft: false,
  status: 'open',
  opened_at: ago(minutes + 300),
  updated_at: ago(minutes),
  closed_at: null,
  ...facts,
});

const pulls = [
  pull(128, 'Orders: net of returns', 'ada', 'feature/orders-net', 4),
  pull(
    127,
    'Rename every staging model, and while at it give the columns of payments the names that finance uses',
    'grace.hopper@northwind.example',
    'chore/a-very-long-branch-name-for-renaming-staging-models',
    75,
    { is_draft: true },
  ),
  pull(126, 'تقرير المبيعات 🧾', 'omar', 'sales-report', 400),
  pull(119, 'Drop the old basket', 'ada', 'drop-basket', 4_000, { status: 'merged' }),
  pull(117, 'Try incremental orders', 'linus', 'try-incremental', 9_000, { status: 'closed' }),
];

const model = (name, status, facts = {}) => ({
  unique_id: `model.shop.${name}`,
  name,
  status,
  primary_key: [`${name.replace(/^(fct|dim)_/, '')}_id`],
  rows: { added: 0, removed: 0, changed: 0, unchanged: 12_450, before: 12_450, after: 12_450 },
  columns: { added: [], removed: [], retyped: [], changed: {} },
  message: '',
  ...facts,
});

const uncounted = {
  added: null,
  removed: null,
  changed: null,
  unchanged: null,
  before: null,
  after: null,
};

const comparison = {
  models: [
    model('fct_orders', 'changed', {
      rows: {
        added: 12,
        removed: 3,
        changed: 1_204,
        unchanged: 61_002,
        before: 62_209,
        after: 62_218,
      },
      columns: {
        added: ['net_total'],
        removed: ['discount_old'],
        retyped: ['ordered_at'],
        changed: { total: 1_204, status: 7 },
      },
    }),
    model('fct_daily_sales', 'changed', {
      rows: { added: 0, removed: 0, changed: 31, unchanged: 700, before: 731, after: 731 },
      columns: { added: [], removed: [], retyped: [], changed: { revenue: 31 } },
    }),
    model('returns_by_reason', 'new', { rows: { ...uncounted, after: 412 }, primary_key: [] }),
    model('basket_pairs', 'skipped', {
      rows: uncounted,
      primary_key: [],
      message: 'It has no primary key: no unique and not-null tests of one column name it.',
    }),
    model('dim_customers', 'unchanged'),
    model('dim_products', 'unchanged'),
  ],
};

const environmentShapes = environments.map(({ id, name }) => ({
  id,
  name,
  project_id: project.id,
  type: 'deployment',
  deployment_type: name.toLowerCase(),
  dbt_version: 'latest',
  use_custom_branch: id === 12,
  custom_branch: id === 12 ? 'develop' : null,
}));

/** What is answered below an account: the data, or undefined where this knows nothing. */
export function hostAnswer(method, family, rest, query, body) {
  if (rest === 'git-hosts') {
    if (method === 'PATCH') Object.assign(switches, body);
    return hosts();
  }
  if (rest === 'git-hosts/github/connect')
    return { url: '/settings/integrations?github=connected' };
  if (rest === 'git-hosts/github/repositories') {
    const found = appRepositories.filter(({ full_name }) =>
      full_name.includes(query.get('search') ?? ''),
    );
    return { repositories: found, total_count: found.length, unreachable: [] };
  }
  if (rest === 'repositories') return repositories;
  if (rest === 'projects') return [projectShape];
  if (rest === `projects/${project.id}`) return projectShape;
  if (family === 'v3' && rest === 'environments') return environmentShapes;
  const one = /^(?:projects\/\d+\/)?repositories\/(\d+)(?:\/(.*))?$/.exec(rest);
  if (one === null) return undefined;
  const [, id, below = ''] = one;
  const known = repositories.find((each) => each.id === Number(id));
  if (known === undefined) return null;
  if (below === '') return method === 'POST' ? Object.assign(known, body) : known;
  if (below === 'git-host') return link(Number(id), method, body);
  if (below === 'git-host/test') return tested;
  if (below !== 'pull-requests') return undefined;
  const status = query.get('status');
  return Number(id) === 21 ? pulls.filter((each) => !status || each.status === status) : [];
}

/** Of a run of a pull request. */
export function comparisonOf(run) {
  return run.cause?.category === 'ci' ? comparison : null;
}
