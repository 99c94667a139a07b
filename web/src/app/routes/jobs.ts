import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readJobSearch, readJobsSearch, readNewJobSearch } from '@/features/jobs/job-search';
import { ids, signedIn } from './root';

const list = (account: unknown) => ({ word: 'Jobs', href: `/deploy/${account}/jobs` });

const jobs = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/jobs',
  params: ids('account'),
  validateSearch: readJobsSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/list/jobs-page'), 'JobsPage'),
  staticData: { crumbs: () => [{ word: 'Jobs' }] },
});

const newJob = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/jobs/new',
  params: ids('account'),
  validateSearch: readNewJobSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/form/job-form-pages'), 'NewJobPage'),
  staticData: { crumbs: ({ account }) => [list(account), { word: 'New' }] },
});

const job = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/projects/$project/jobs/$job',
  params: ids('account', 'project', 'job'),
  validateSearch: readJobSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/job/job-page'), 'JobPage'),
  staticData: { crumbs: ({ account, job: id }) => [list(account), { word: `#${id}` }] },
});

const edit = createRoute({
  getParentRoute: () => signedIn,
  path: '/deploy/$account/projects/$project/jobs/$job/edit',
  params: ids('account', 'project', 'job'),
  component: lazyRouteComponent(() => import('@/features/jobs/form/job-form-pages'), 'EditJobPage'),
  staticData: {
    crumbs: ({ account, project, job: id }) => [
      list(account),
      { word: `#${id}`, href: `/deploy/${account}/projects/${project}/jobs/${id}` },
      { word: 'Edit' },
    ],
  },
});

export const jobRoutes = [jobs, newJob, job, edit] as const;
