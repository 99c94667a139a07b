import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ids, signedIn } from './root';

const dashboard = createRoute({
  getParentRoute: () => signedIn,
  path: '/dashboard/$account',
  params: ids('account'),
  component: lazyRouteComponent(
    () => import('@/features/dashboard/dashboard-page'),
    'DashboardPage',
  ),
  staticData: { crumbs: () => [{ word: 'Dashboard' }] },
});

export const dashboardRoutes = [dashboard] as const;
