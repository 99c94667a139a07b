import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { v2 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Job, Run } from '@/api/types';
import { environmentsQuery, namedNodesQuery } from '@/features/catalog/catalog-api';
import { kindWord } from '@/features/catalog/kinds';
import { chatQuery } from '@/features/chat/chat-api';
import { hasChat } from '@/features/chat/chat-facts';
import { projectsQuery } from '@/features/dashboard/dashboard-api';
import { runListQuery, runQuery } from '@/features/runs/runs-api';
import { stateOf } from '@/features/runs/status';
import { stateWord } from '@/ui/states';
import { arrange, type PaletteItem, runNumber } from './palette-items';

const chatPath = (account: number) => `/settings/${account}/chat`;

const pages: [title: string, path: (account: number) => string, hint?: string][] = [
  ['Dashboard', (account) => `/dashboard/${account}`],
  ['Runs', (account) => `/deploy/${account}/runs`],
  ['Jobs', (account) => `/deploy/${account}/jobs`],
  ['Environments', (account) => `/deploy/${account}/environments`],
  ['Catalog', (account) => `/explore/${account}`],
  ['Create a job', (account) => `/deploy/${account}/jobs/new`],
  ['Set up a project', (account) => `/set-up/${account}`],
  ['Projects', (account) => `/settings/${account}/projects`, 'Settings'],
  ['Connections', (account) => `/settings/${account}/connections`, 'Settings'],
  ['Repositories', (account) => `/settings/${account}/repositories`, 'Settings'],
  ['Users', (account) => `/settings/${account}/users`, 'Settings'],
  ['Groups & permissions', (account) => `/settings/${account}/groups`, 'Settings'],
  ['Licences', (account) => `/settings/${account}/licences`, 'Settings'],
  ['Single sign-on', (account) => `/settings/${account}/sso`, 'Settings'],
  ['IP rules', (account) => `/settings/${account}/ip-rules`, 'Settings'],
  ['API tokens', (account) => `/settings/${account}/tokens`, 'Settings'],
  ['Webhooks', (account) => `/settings/${account}/webhooks`, 'Settings'],
  ['Notifications', (account) => `/settings/${account}/notifications`, 'Settings'],
  ['E-mail', (account) => `/settings/${account}/mail`, 'Settings'],
  ['Chat', chatPath, 'Settings'],
  ['Integrations', (account) => `/settings/${account}/integrations`, 'Settings'],
  ['Account', (account) => `/settings/${account}/account`, 'Settings'],
  ['Audit log', (account) => `/settings/${account}/audit`, 'Settings'],
  ['Usage', (account) => `/settings/${account}/usage`, 'Settings'],
];

function pageItems(account: number): PaletteItem[] {
  return pages.map(([title, path, hint]) => {
    const href = path(account);
    return { id: `page ${href}`, group: 'Pages', title, hint, href };
  });
}

function runItem(account: number, run: Run): PaletteItem {
  return {
    id: `run ${run.id}`,
    group: 'Runs',
    title: `#${run.id} ${run.job?.name ?? `Job ${run.job_definition_id}`}`,
    hint: stateWord[stateOf(run.status)],
    href: `/deploy/${account}/projects/${run.project_id}/runs/${run.id}`,
  };
}

const found = 8;

function useJobs(account: number, query: string): PaletteItem[] {
  const jobs = useQuery({
    queryKey: keys.of(account, 'jobs', 'named', query),
    queryFn: async ({ signal }): Promise<Job[]> => {
      const asked = { name__icontains: query, limit: found, order_by: 'name' };
      return (await v2.get<Job[]>(`/accounts/${account}/jobs/`, { query: asked, signal })).data;
    },
    enabled: query !== '',
  });
  return (jobs.data ?? []).map(({ id, name, project_id }) => ({
    id: `job ${id}`,
    group: 'Jobs',
    title: name,
    href: `/deploy/${account}/projects/${project_id}/jobs/${id}`,
  }));
}

function useRuns(account: number, query: string): PaletteItem[] {
  const recent = useInfiniteQuery(runListQuery(account, { statuses: [], job: null }));
  const number = runNumber(query);
  const asked = useQuery({ ...runQuery(account, number ?? 0), enabled: number !== null });
  const listed = recent.data?.pages[0]?.runs ?? [];
  const own = number !== null && asked.data?.id === number ? [asked.data] : [];
  return [...own, ...listed].map((run) => runItem(account, run));
}

function useNodes(account: number, query: string): PaletteItem[] {
  // One letter is in every name.
  const nodes = useQuery(namedNodesQuery(account, query.length < 2 ? '' : query.slice(0, 200)));
  return (nodes.data ?? []).map((node) => ({
    id: `node ${node.environment_id} ${node.unique_id}`,
    group: 'Catalog',
    title: node.name,
    hint: [kindWord(node.resource_type), node.project, node.environment].join(' · '),
    href: `/explore/${account}/environments/${node.environment_id}/nodes/${encodeURIComponent(node.unique_id)}/`,
  }));
}

/** What matches the words: of what the browser knows at once, of all else as the server answers. */
export function usePaletteItems(account: number, query: string): PaletteItem[] {
  const router = useRouter();
  const environments = useQuery(environmentsQuery(account)).data ?? [];
  const projects = useQuery(projectsQuery(account)).data ?? [];
  const runs = useRuns(account, query);
  const jobs = useJobs(account, query);
  const nodes = useNodes(account, query);
  const chat = hasChat(useQuery(chatQuery(account)).data);
  const still = useMemo(() => {
    const all = pageItems(account);
    return all.filter(
      ({ href }) =>
        router.getMatchedRoutes(href)[2] !== undefined && (chat || href !== chatPath(account)),
    );
  }, [account, router, chat]);
  if (query === '') return arrange([...runs, ...still], '');
  const places = environments.map(
    ({ id, name, project_id, project }): PaletteItem => ({
      id: `environment ${id}`,
      group: 'Environments',
      title: name,
      hint: project?.name,
      href: `/deploy/${account}/projects/${project_id}/environments/${id}`,
    }),
  );
  const settings = projects.map(
    ({ id, name }): PaletteItem => ({
      id: `project ${id}`,
      group: 'Projects',
      title: name,
      href: `/settings/${account}/projects/${id}`,
    }),
  );
  return arrange([...runs, ...still, ...jobs, ...places, ...settings, ...nodes], query);
}
