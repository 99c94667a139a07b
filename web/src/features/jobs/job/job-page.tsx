import { Skeleton, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRunListLive } from '@/features/runs/use-runs-live';
import { CopyText } from '@/ui/copy';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { JobProblem } from '../job-problem';
import { type JobTab, jobTabs } from '../job-search';
import type { JobDetail } from '../job-types';
import { jobQuery } from '../jobs-api';
import { scheduleWords } from '../schedule';
import { HistoryTab } from './history-tab';
import { JobActions } from './job-actions';
import css from './job-page.module.css';
import { Overview } from './overview';
import { RunsTab } from './runs-tab';
import { YamlTab } from './yaml-tab';

const from = '/signed-in/deploy/$account/projects/$project/jobs/$job';

const tabWords: Record<JobTab, string> = {
  overview: 'Overview',
  runs: 'Runs',
  history: 'Settings history',
  yaml: 'YAML',
};

export function JobPage() {
  const { account, job } = useParams({ from });
  return <OneJob key={`${account}/${job}`} account={account} id={job} />;
}

function OneJob({ account, id }: { account: number; id: number }) {
  const job = useQuery(jobQuery(account, id));
  useRunListLive(account);
  useDocumentTitle(`${job.data?.name ?? `Job #${id}`} · Millwright`);
  if (job.data !== undefined) return <JobContent account={account} job={job.data} />;
  if (job.isError)
    return (
      <Page>
        <JobProblem query={job} job={id} />
      </Page>
    );
  return (
    <Page>
      <div aria-busy="true">
        <Skeleton height={28} width="min(420px, 80%)" mb={8} />
        <Skeleton height={14} width="min(560px, 90%)" mb={16} />
        <Skeleton height={32} width={320} mb={16} />
        <Skeleton height={320} />
      </div>
    </Page>
  );
}

function JobContent({ account, job }: { account: number; job: JobDetail }) {
  const search = useSearch({ from });
  const navigate = useNavigate();
  const tab: JobTab = search.tab ?? 'overview';
  const show = (next: string | null) => {
    const known = jobTabs.find((one) => one === next);
    if (known === undefined) return;
    void navigate({
      to: '/deploy/$account/projects/$project/jobs/$job',
      params: { account, project: job.project_id, job: job.id },
      search: known === 'overview' ? {} : { tab: known },
      replace: true,
    });
  };
  return (
    <Page>
      <PageHeader
        title={<bdi>{job.name}</bdi>}
        aside={
          <CopyText text={String(job.id)} what="job id">
            <span className="tabular">#{job.id}</span>
          </CopyText>
        }
        actions={<JobActions account={account} job={job} />}
        facts={<HeadFacts account={account} job={job} />}
      />
      <Tabs value={tab} onChange={show} keepMounted={false} classNames={{ panel: css.panel }}>
        <Tabs.List aria-label="Parts of the job">
          {jobTabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabWords[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview account={account} job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <RunsTab account={account} job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab account={account} job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="yaml">
          <YamlTab job={job} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function HeadFacts({ account, job }: { account: number; job: JobDetail }) {
  const words = job.triggers.schedule ? scheduleWords(job.schedule.cron) : null;
  return (
    <>
      <span>
        <bdi>{job.project?.name ?? `Project ${job.project_id}`}</bdi>
      </span>
      <span>
        <bdi>{job.environment?.name ?? `Environment ${job.environment_id}`}</bdi>
      </span>
      <span>{words === null ? 'No schedule' : `${words} UTC`}</span>
      <Link
        to="/deploy/$account/runs"
        params={{ account }}
        search={{ job: job.id }}
        className={css.link}
      >
        All its runs
      </Link>
    </>
  );
}
