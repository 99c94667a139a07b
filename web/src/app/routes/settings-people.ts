import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readGroupSearch } from '@/features/groups/search';
import { readIpRulesSearch } from '@/features/ip-rules/search';
import { readLicencesSearch } from '@/features/licences/search';
import { readProfileSearch } from '@/features/profile/search';
import { readSsoSearch } from '@/features/sso/search';
import { readUsersSearch } from '@/features/users/search';
import { ids } from './root';
import { settingsRoot } from './settings-root';

const users = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('@/features/users/users-page'), 'UsersPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Users' }] },
});

const user = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/users/$user',
  params: ids('user'),
  component: lazyRouteComponent(() => import('@/features/users/user-page'), 'UserPage'),
  staticData: {
    crumbs: ({ account, user: id }) => [
      { word: 'Settings' },
      { word: 'Users', href: `/settings/${account}/users` },
      { word: `#${id}` },
    ],
  },
});

const groups = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/groups',
  validateSearch: readGroupSearch,
  component: lazyRouteComponent(() => import('@/features/groups/groups-page'), 'GroupsPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Groups & permissions' }] },
});

const newGroup = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/groups/new',
  component: lazyRouteComponent(() => import('@/features/groups/new-group-page'), 'NewGroupPage'),
  staticData: {
    crumbs: ({ account }) => [
      { word: 'Settings' },
      { word: 'Groups & permissions', href: `/settings/${account}/groups` },
      { word: 'New' },
    ],
  },
});

const group = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/groups/$group',
  params: ids('group'),
  validateSearch: readGroupSearch,
  component: lazyRouteComponent(() => import('@/features/groups/group-page'), 'GroupPage'),
  staticData: {
    crumbs: ({ account, group: id }) => [
      { word: 'Settings' },
      { word: 'Groups & permissions', href: `/settings/${account}/groups` },
      { word: `#${id}` },
    ],
  },
});

const licences = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/licences',
  validateSearch: readLicencesSearch,
  component: lazyRouteComponent(() => import('@/features/licences/licences-page'), 'LicencesPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Licences' }] },
});

const sso = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/sso',
  validateSearch: readSsoSearch,
  component: lazyRouteComponent(() => import('@/features/sso/sso-page'), 'SsoPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Single sign-on' }] },
});

const ipRules = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/ip-rules',
  validateSearch: readIpRulesSearch,
  component: lazyRouteComponent(() => import('@/features/ip-rules/ip-rules-page'), 'IpRulesPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'IP rules' }] },
});

const profile = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/profile',
  validateSearch: readProfileSearch,
  component: lazyRouteComponent(() => import('@/features/profile/profile-page'), 'ProfilePage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Profile' }] },
});

/** Below settingsRoot. */
export const peopleRoutes = [
  users,
  user,
  groups,
  newGroup,
  group,
  licences,
  sso,
  ipRules,
  profile,
] as const;
