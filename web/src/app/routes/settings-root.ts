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

/** Where GitHub leads back to, which knows of no account. */
const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/integrations',
  beforeLoad: ({ context, location }) => {
    throw redirect({
      href: `/settings/${context.session.account.id}/integrations${location.searchStr}`,
    });
  },
});

export const settingsReturns = [integrations] as const;

export const settingsStart = [start] as const;
