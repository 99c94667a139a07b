import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { NotFoundPage, RouteErrorPage } from './error-pages';
import { catalogRoutes } from './routes/catalog';
import { dashboardRoutes } from './routes/dashboard';
import { deployRoutes } from './routes/deploy';
import { jobRoutes } from './routes/jobs';
import { root, signedIn } from './routes/root';
import { runRoutes } from './routes/runs';
import { homeRoutes, outsideRoutes } from './routes/session';
import { accessRoutes } from './routes/settings-access';
import { peopleRoutes } from './routes/settings-people';
import { projectSettingsRoutes } from './routes/settings-projects';
import { settingsReturns, settingsRoot, settingsStart } from './routes/settings-root';

const settings = settingsRoot.addChildren([
  ...settingsStart,
  ...projectSettingsRoutes,
  ...peopleRoutes,
  ...accessRoutes,
]);

const routeTree = root.addChildren([
  ...outsideRoutes,
  signedIn.addChildren([
    ...homeRoutes,
    ...dashboardRoutes,
    ...runRoutes,
    ...jobRoutes,
    ...deployRoutes,
    ...catalogRoutes,
    ...settingsReturns,
    settings,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    // dbt Cloud's own links to a run end in a slash; both forms are the same page.
    trailingSlash: 'preserve',
    defaultPreload: 'intent',
    defaultErrorComponent: RouteErrorPage,
    defaultNotFoundComponent: NotFoundPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
