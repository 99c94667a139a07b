import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { draftOfCopy, draftOfJob, newDraft } from '../draft';
import { JobProblem } from '../job-problem';
import type { NewJobSearch } from '../job-search';
import type { EnvironmentChoice, JobDetail, ProjectChoice } from '../job-types';
import { environmentChoicesQuery, jobQuery, projectChoicesQuery } from '../jobs-api';
import { JobForm } from './job-form';

/** What the form chooses from. */
function useChoices(account: number) {
  const projects = useQuery(projectChoicesQuery(account));
  const environments = useQuery(environmentChoicesQuery(account));
  return {
    data:
      projects.data && environments.data
        ? { projects: projects.data, environments: environments.data }
        : undefined,
    error: projects.error ?? environments.error,
    retry: () => {
      void projects.refetch();
      void environments.refetch();
    },
  };
}

export function NewJobPage() {
  const { account } = useParams({ from: '/signed-in/deploy/$account/jobs/new' });
  const search = useSearch({ from: '/signed-in/deploy/$account/jobs/new' });
  const title = search.copy === undefined ? 'New job' : 'Duplicate job';
  useDocumentTitle(`${title} · Millwright`);
  const choices = useChoices(account);
  const copied = useQuery({
    ...jobQuery(account, search.copy ?? 0),
    enabled: search.copy !== undefined,
  });
  const ready = choices.data !== undefined && (search.copy === undefined || copied.data);
  return (
    <Page kind="text">
      <PageHeader title={title} />
      {choices.error && choices.data === undefined ? (
        <Problem title="Projects and environments could not be read" onRetry={choices.retry}>
          {messageOf(choices.error)}
        </Problem>
      ) : copied.error && copied.data === undefined ? (
        <JobProblem query={copied} job={search.copy ?? 0} />
      ) : choices.data !== undefined && ready ? (
        <NewForm
          key={search.copy}
          account={account}
          search={search}
          source={copied.data ?? null}
          {...choices.data}
        />
      ) : (
        <FormSkeleton />
      )}
    </Page>
  );
}

interface NewFormProps {
  account: number;
  search: NewJobSearch;
  source: JobDetail | null;
  projects: ProjectChoice[];
  environments: EnvironmentChoice[];
}

/** Where there is one project or one environment only, it is chosen already. */
function placeOf({ search, projects, environments }: NewFormProps) {
  const environment = environments.find(({ id }) => id === search.environment);
  const project =
    environment?.project_id ??
    search.project ??
    (projects.length === 1 ? projects[0]?.id : undefined);
  const deployments = environments.filter(
    (one) => one.project_id === project && one.type === 'deployment',
  );
  const only = deployments.length === 1 ? deployments[0]?.id : undefined;
  const known = projects.some(({ id }) => id === project);
  return { project: known ? project : undefined, environment: environment?.id ?? only };
}

function NewForm(props: NewFormProps) {
  const { account, source, projects, environments } = props;
  const navigate = useNavigate();
  const [initial] = useState(() =>
    source === null ? newDraft(placeOf(props)) : draftOfCopy(source),
  );
  return (
    <JobForm
      account={account}
      initial={initial}
      source={source}
      isCopy={source !== null}
      projects={projects}
      environments={environments}
      onCancel={() => void navigate({ to: '/deploy/$account/jobs', params: { account } })}
    />
  );
}

export function EditJobPage() {
  const params = useParams({ from: '/signed-in/deploy/$account/projects/$project/jobs/$job/edit' });
  return <EditOne key={`${params.account}/${params.job}`} {...params} />;
}

function EditOne({ account, job: id }: { account: number; project: number; job: number }) {
  const choices = useChoices(account);
  // What is cached may be older than what is stored; an edit begins at the latter.
  const job = useQuery({ ...jobQuery(account, id), refetchOnMount: 'always' });
  useDocumentTitle(`Edit ${job.data?.name ?? 'job'} · Millwright`);
  if (job.error && job.data === undefined)
    return (
      <Page kind="text">
        <JobProblem query={job} job={id} />
      </Page>
    );
  return (
    <Page kind="text">
      <PageHeader
        title={
          <>
            Edit <bdi>{job.data?.name ?? 'job'}</bdi>
          </>
        }
      />
      {choices.error && choices.data === undefined ? (
        <Problem title="Projects and environments could not be read" onRetry={choices.retry}>
          {messageOf(choices.error)}
        </Problem>
      ) : choices.data !== undefined && job.data !== undefined && job.isFetchedAfterMount ? (
        <EditForm account={account} job={job.data} {...choices.data} />
      ) : (
        <FormSkeleton />
      )}
    </Page>
  );
}

interface EditFormProps {
  account: number;
  job: JobDetail;
  projects: ProjectChoice[];
  environments: EnvironmentChoice[];
}

function EditForm({ account, job, projects, environments }: EditFormProps) {
  const navigate = useNavigate();
  // What the job was when the form was opened: what arrives later must not replace what is typed.
  const [source] = useState(job);
  const [initial] = useState(() => draftOfJob(job));
  return (
    <JobForm
      account={account}
      initial={initial}
      source={source}
      isCopy={false}
      projects={projects}
      environments={environments}
      onCancel={() =>
        void navigate({
          to: '/deploy/$account/projects/$project/jobs/$job',
          params: { account, project: job.project_id, job: job.id },
        })
      }
    />
  );
}

function FormSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={400} mb={16} />
      <Skeleton height={200} mb={16} />
      <Skeleton height={200} />
    </div>
  );
}
