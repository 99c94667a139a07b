import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readEnvironmentListSearch, readEnvironmentSearch } from '@/features/environments/search';
import { readSetUpSearch } from '@/features/set-up/steps';
import { ids, signedIn } from './root';

const environments = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/environments',
  params: ids('account'),
  validateSearch: readEnvironmentListSearch,
  component: lazyRouteComponent(
    () => import('@/features/environments/environments-page'),
    'EnvironmentsPage',
  ),
  staticData: { crumbs: () => [{ word: 'Environments' }] },
});

const newEnvironment = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/environments/new',
  params: ids('account'),
  validateSearch: readEnvironmentListSearch,
  component: lazyRouteComponent(
    () => import('@/features/environments/new-environment-page'),
    'NewEnvironmentPage',
  ),
  staticData: {
    crumbs: ({ account }) => [
      { word: 'Environments', href: `/deploy/${account}/environments` },
      { word: 'New' },
    ],
  },
});

const environment = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/projects/$project/environments/$environment',
  params: ids('account', 'project', 'environment'),
  validateSearch: readEnvironmentSearch,
  component: lazyRouteComponent(
    () => import('@/features/environments/environment-page'),
    'EnvironmentPage',
  ),
  staticData: {
    crumbs: ({ account, environment: id }) => [
      { word: 'Environments', href: `/deploy/${account}/environments` },
      { word: `#${id}` },
    ],
  },
});

const setUp = createRoute({
  getParentRoute: () => signedIn,
  path: '/set-up/$account',
  params: ids('account'),
  validateSearch: readSetUpSearch,
  component: lazyRouteComponent(() => import('@/features/set-up/set-up-page'), 'SetUpPage'),
  staticData: { crumbs: () => [{ word: 'Set up' }] },
});

export const deployRoutes = [environments, newEnvironment, environment, setUp] as const;
