import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readProjectChoice, readProjectSearch } from '@/features/projects/search';
import { readRepositorySearch } from '@/features/pull-requests/search';
import { ids } from './root';
import { settingsRoot } from './settings-root';

/** The way to a page below one of the settings' lists. */
function crumbsBelow(
  path: string,
  word: string,
  last: (params: Record<string, unknown>) => string,
) {
  return (params: Record<string, unknown>) => [
    { word, href: `/settings/${params['account']}/${path}` },
    { word: last(params) },
  ];
}

const projects = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'projects',
  component: lazyRouteComponent(() => import('@/features/projects/projects-page'), 'ProjectsPage'),
  staticData: { crumbs: () => [{ word: 'Projects' }] },
});

const newProject = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'projects/new',
  component: lazyRouteComponent(
    () => import('@/features/projects/new-project-page'),
    'NewProjectPage',
  ),
  staticData: { crumbs: crumbsBelow('projects', 'Projects', () => 'New') },
});

const project = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'projects/$project',
  params: ids('project'),
  validateSearch: readProjectSearch,
  component: lazyRouteComponent(() => import('@/features/projects/project-page'), 'ProjectPage'),
  staticData: { crumbs: crumbsBelow('projects', 'Projects', ({ project: id }) => `#${id}`) },
});

const connections = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'connections',
  component: lazyRouteComponent(
    () => import('@/features/connections/connections-page'),
    'ConnectionsPage',
  ),
  staticData: { crumbs: () => [{ word: 'Connections' }] },
});

const newConnection = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'connections/new',
  component: lazyRouteComponent(
    () => import('@/features/connections/new-connection-page'),
    'NewConnectionPage',
  ),
  staticData: { crumbs: crumbsBelow('connections', 'Connections', () => 'New') },
});

const connection = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'connections/$connection',
  params: ids('connection'),
  component: lazyRouteComponent(
    () => import('@/features/connections/connection-page'),
    'ConnectionPage',
  ),
  staticData: {
    crumbs: crumbsBelow('connections', 'Connections', ({ connection: id }) => `#${id}`),
  },
});

const repositories = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'repositories',
  component: lazyRouteComponent(
    () => import('@/features/repositories/repositories-page'),
    'RepositoriesPage',
  ),
  staticData: { crumbs: () => [{ word: 'Repositories' }] },
});

const newRepository = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'repositories/new',
  validateSearch: readProjectChoice,
  component: lazyRouteComponent(
    () => import('@/features/repositories/new-repository-page'),
    'NewRepositoryPage',
  ),
  staticData: { crumbs: crumbsBelow('repositories', 'Repositories', () => 'New') },
});

const repository = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'repositories/$repository',
  params: ids('repository'),
  validateSearch: readRepositorySearch,
  component: lazyRouteComponent(
    () => import('@/features/repositories/repository-page'),
    'RepositoryPage',
  ),
  staticData: {
    crumbs: crumbsBelow('repositories', 'Repositories', ({ repository: id }) => `#${id}`),
  },
});

/** Below settingsRoot. */
export const projectSettingsRoutes = [
  projects,
  newProject,
  project,
  connections,
  newConnection,
  connection,
  repositories,
  newRepository,
  repository,
] as const;
