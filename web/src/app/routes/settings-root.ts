import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ids, signedIn } from './root';

/** The settings of an account: their own list of pages at the left. */
export const settingsRoot = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/$account',
  params: ids('account'),
  component: lazyRouteComponent(() => import('../shell/settings-layout'), 'SettingsLayout'),
});

const start = createRoute({
  getParentRoute: () => settingsRoot,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ href: `/settings/${params.account}/projects` });
  },
});

export const settingsStart = [start] as const;
