/**
 * What each permission set gives. The API says their names alone (GET /api/v2/constants/), so this is a second copy of
 * the server's table, `src/api/permission_sets.cpp`; `permission-sets.test.ts` holds the two together.
 */

const accountAreas = [
  'account_settings',
  'audit_logs',
  'auth_provider',
  'billing',
  'connections',
  'cost',
  'groups',
  'invitations',
  'ip_restrictions',
  'licenses',
  'marketplace',
  'members',
  'project_create',
  'public_models',
  'scim',
  'service_tokens',
  'webhooks',
] as const;

const projectAreas = [
  'credentials',
  'data_platform',
  'develop',
  'environments',
  'jobs',
  'metadata',
  'notifications',
  'permissions',
  'projects',
  'repositories',
  'runs',
  'semantic_layer',
  'variables',
] as const;

export const areas = [...accountAreas, ...projectAreas] as const;
export type Area = (typeof areas)[number];

export function isOfProject(area: Area): boolean {
  return (projectAreas as readonly string[]).includes(area);
}

export const areaWords: Record<Area, string> = {
  account_settings: 'Account settings',
  audit_logs: 'Audit log',
  auth_provider: 'Single sign-on',
  billing: 'Billing',
  connections: 'Connections',
  cost: 'Cost insights',
  groups: 'Groups',
  invitations: 'Invitations',
  ip_restrictions: 'IP rules',
  licenses: 'Licences',
  marketplace: 'Marketplace apps',
  members: 'Members',
  project_create: 'Creating projects',
  public_models: 'Public models',
  scim: 'SCIM',
  service_tokens: 'Service tokens',
  webhooks: 'Webhooks',
  credentials: 'Environment credentials',
  data_platform: 'Data platform configuration',
  develop: 'Development',
  environments: 'Environments',
  jobs: 'Jobs',
  metadata: 'Metadata',
  notifications: 'Notifications',
  permissions: 'Project permissions',
  projects: 'Projects',
  repositories: 'Repositories',
  runs: 'Runs',
  semantic_layer: 'Semantic Layer',
  variables: 'Environment variables',
};

export interface PermissionSet {
  writes: readonly Area[];
  reads: readonly Area[];
  /** For all projects, whichever a grant names. */
  ofAccount: boolean;
  /** Jobs and runs are changed in environments of the categories that a grant names, and seen in all. */
  byEnvironment: boolean;
}

export const areasByEnvironment: readonly Area[] = ['jobs', 'runs'];

function list(text: string): Area[] {
  const words = text.split(' ');
  return areas.filter((area) => words.includes(area));
}

function set(writes: string, reads: string, more: Partial<PermissionSet> = {}): PermissionSet {
  return {
    writes: list(writes),
    reads: list(reads),
    ofAccount: false,
    byEnvironment: false,
    ...more,
  };
}

const common = 'credentials data_platform environments jobs notifications projects';
/** What somebody works with who builds a project, and what somebody sees who only looks on. */
const work = `${common} develop repositories runs semantic_layer variables`;
const view = `${common} metadata repositories runs semantic_layer variables`;

const sets: Record<string, PermissionSet> = {
  account_admin: set(
    `account_settings auth_provider billing connections cost groups invitations ip_restrictions licenses members project_create scim service_tokens webhooks permissions ${work}`,
    'audit_logs public_models metadata',
    { ofAccount: true },
  ),
  account_viewer: set(
    '',
    `account_settings audit_logs auth_provider billing cost groups invitations ip_restrictions licenses members public_models scim service_tokens permissions ${view}`,
    { ofAccount: true },
  ),
  admin: set(
    `invitations licenses members webhooks permissions ${work}`,
    'account_settings connections groups public_models metadata',
  ),
  analyst: set(
    'credentials variables data_platform develop projects',
    'connections invitations licenses public_models environments metadata notifications semantic_layer',
    { byEnvironment: true },
  ),
  analyst_read: set('', `connections invitations licenses public_models ${view}`),
  billing_admin: set('billing', 'public_models', { ofAccount: true }),
  cost_insights_admin: set('cost', 'public_models projects environments metadata', {
    ofAccount: true,
  }),
  cost_insights_viewer: set('', 'cost public_models projects environments metadata'),
  cost_management_admin: set('cost', 'public_models projects environments metadata', {
    ofAccount: true,
  }),
  cost_management_viewer: set('', 'cost public_models projects environments metadata'),
  database_admin: set(
    'credentials variables data_platform projects semantic_layer',
    'account_settings connections groups invitations licenses members public_models environments metadata notifications permissions repositories',
    { byEnvironment: true },
  ),
  developer: set(
    'webhooks credentials variables data_platform develop projects',
    'connections groups invitations licenses members public_models environments metadata notifications permissions repositories semantic_layer',
    { byEnvironment: true },
  ),
  fusion_admin: set('environments jobs', 'account_settings public_models metadata projects runs', {
    ofAccount: true,
  }),
  git_admin: set(
    'variables projects repositories',
    'account_settings connections groups invitations licenses members public_models credentials data_platform environments metadata notifications permissions semantic_layer',
    { byEnvironment: true },
  ),
  job_admin: set(
    'credentials variables data_platform environments jobs notifications runs',
    'connections invitations licenses public_models metadata projects semantic_layer',
  ),
  job_creator: set('jobs', 'public_models environments metadata projects runs variables'),
  job_runner: set('runs', 'public_models jobs'),
  job_viewer: set(
    '',
    'invitations licenses public_models environments jobs metadata notifications projects runs variables',
  ),
  manage_marketplace_apps: set('marketplace', '', { ofAccount: true }),
  member: set(
    `account_settings connections invitations project_create webhooks ${work}`,
    'cost groups licenses members public_models metadata permissions',
    { ofAccount: true },
  ),
  metadata_only: set('', 'public_models metadata'),
  notification_manager: set('notifications', 'public_models environments jobs projects'),
  owner: set(areas.join(' '), '', { ofAccount: true }),
  project_creator: set(
    `connections invitations licenses members project_create permissions ${work}`,
    'account_settings groups public_models metadata',
    { ofAccount: true },
  ),
  readonly: set('', `connections public_models ${view}`),
  scim_only: set('scim', '', { ofAccount: true }),
  security_admin: set(
    'auth_provider groups invitations ip_restrictions licenses members permissions scim',
    'account_settings audit_logs public_models service_tokens projects semantic_layer',
    { ofAccount: true },
  ),
  semantic_layer_only: set('semantic_layer', 'public_models'),
  stakeholder: set('', `connections groups invitations members public_models ${view}`),
  team_admin: set(
    'variables projects',
    'account_settings connections groups invitations licenses members public_models credentials data_platform environments metadata notifications permissions repositories semantic_layer',
    { byEnvironment: true },
  ),
  webhooks_only: set('webhooks', 'public_models'),
};

export const knownSets = Object.keys(sets);

/** null for one that this version of the page does not know. */
export function permissionSet(name: string): PermissionSet | null {
  return sets[name] ?? null;
}
