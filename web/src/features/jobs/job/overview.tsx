import {
  IconArrowMerge,
  IconCalendarTime,
  IconGitPullRequest,
  IconLink,
  IconPointer,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Fact, Facts } from '@/ui/facts';
import { Section } from '@/ui/page';
import { formatDuration } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import { deferralOf } from '../draft';
import { isSecretName, type JobDetail } from '../job-types';
import { outcomeWords, runsOnPullRequests } from '../job-words';
import { environmentChoicesQuery, jobChoicesQuery } from '../jobs-api';
import { NextFirings } from '../next-firings';
import { scheduleWords } from '../schedule';
import css from './job-page.module.css';
import { Told } from './told';

interface PartProps {
  account: number;
  job: JobDetail;
}

export function Overview({ account, job }: PartProps) {
  return (
    <div className={css.grid}>
      <div className={css.column}>
        {job.description.trim() !== '' && (
          <Section title="Description">
            <p className={css.description} dir="auto">
              {job.description}
            </p>
          </Section>
        )}
        <Section title="Steps">
          <Steps job={job} />
        </Section>
        <Section title="Triggers">
          <Triggers account={account} job={job} />
        </Section>
      </div>
      <div className={css.column}>
        <Section title="Settings">
          <Settings account={account} job={job} />
        </Section>
        <Variables job={job} />
        <Told account={account} job={job.id} />
      </div>
    </div>
  );
}

function Steps({ job }: { job: JobDetail }) {
  return (
    <ol className={css.steps}>
      {job.run_generate_sources && (
        <li className={`${css.step} ${css.implied}`}>
          <code className={`mono ${css.command}`}>dbt source freshness</code>
          <span className={css.note}>source freshness</span>
        </li>
      )}
      {job.execute_steps.map((step, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a command may stand there twice.
        <li key={place} className={css.step}>
          <code className={`mono ${css.command}`}>{step}</code>
        </li>
      ))}
      {job.generate_docs && (
        <li className={`${css.step} ${css.implied}`}>
          <code className={`mono ${css.command}`}>dbt docs generate</code>
          <span className={css.note}>documentation</span>
        </li>
      )}
    </ol>
  );
}

function Triggers({ account, job }: PartProps) {
  return (
    <ul className={css.list}>
      {job.triggers.schedule && (
        <Trigger icon={<IconCalendarTime size={16} aria-hidden="true" />}>
          {scheduleWords(job.schedule.cron) ?? job.schedule.cron} UTC{' '}
          <code className={`mono ${css.dim}`}>{job.schedule.cron}</code>
          <NextFirings cron={job.schedule.cron} />
        </Trigger>
      )}
      {runsOnPullRequests(job) && (
        <Trigger icon={<IconGitPullRequest size={16} aria-hidden="true" />}>
          Pull requests{job.triggers_on_draft_pr ? ', drafts too' : ''}
          {job.run_compare_changes && ' · changes are compared'}
          {job.run_lint && ' · SQL is linted'}
        </Trigger>
      )}
      {job.triggers.on_merge && (
        <Trigger icon={<IconArrowMerge size={16} aria-hidden="true" />}>
          Merges into the environment’s branch
        </Trigger>
      )}
      {job.job_completion_trigger_condition && (
        <Trigger icon={<IconLink size={16} aria-hidden="true" />}>
          After{' '}
          <JobLink
            account={account}
            project={job.job_completion_trigger_condition.condition.project_id}
            job={job.job_completion_trigger_condition.condition.job_id}
          />{' '}
          ends with {outcomeWords(job.job_completion_trigger_condition)}
        </Trigger>
      )}
      <Trigger icon={<IconPointer size={16} aria-hidden="true" />}>By hand and by the API</Trigger>
    </ul>
  );
}

function Trigger({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className={css.trigger}>
      {icon}
      <div>{children}</div>
    </li>
  );
}

function JobLink({ account, project, job }: { account: number; project: number; job: number }) {
  const jobs = useQuery(jobChoicesQuery(account));
  const known = jobs.data?.find(({ id }) => id === job);
  return (
    <Link
      to="/deploy/$account/projects/$project/jobs/$job"
      params={{ account, project: known?.project_id ?? project, job }}
      className={css.link}
    >
      <bdi>{known?.name ?? `job #${job}`}</bdi>
    </Link>
  );
}

function limit(value: number | undefined, unit: string): string {
  return value === undefined || value === 0
    ? 'The account’s'
    : `${value.toLocaleString('en')} ${unit}`;
}

function Settings({ account, job }: PartProps) {
  const { execution } = job;
  const inherited = job.environment?.dbt_version;
  return (
    <Facts>
      <Fact name="dbt version">
        {job.dbt_version ?? (
          <>The environment’s{inherited ? <span className={css.dim}> ({inherited})</span> : null}</>
        )}
      </Fact>
      <Fact name="Deferral">
        <DeferralFact account={account} job={job} />
      </Fact>
      <Fact name="Threads">{job.settings.threads}</Fact>
      <Fact name="Target name">
        <code className="mono">{job.settings.target_name}</code>
      </Fact>
      <Fact name="Timeout">
        {execution.timeout_seconds === 0
          ? 'None'
          : formatDuration(execution.timeout_seconds * 1000)}
      </Fact>
      <Fact name="Memory limit">{limit(execution.memory_limit_mb, 'MiB')}</Fact>
      <Fact name="Processors">{limit(execution.cpu_limit, 'at a time')}</Fact>
      <Fact name="Processes">{limit(execution.process_limit, 'at a time')}</Fact>
      <Fact name="Created">
        <TimeAgo at={job.created_at} />
      </Fact>
      <Fact name="Last edited">
        <TimeAgo at={job.updated_at} />
      </Fact>
    </Facts>
  );
}

function DeferralFact({ account, job }: PartProps) {
  const deferral = deferralOf(job);
  const environments = useQuery({
    ...environmentChoicesQuery(account),
    enabled: deferral === 'environment',
  });
  if (deferral === 'environment') {
    const id = job.deferring_environment_id;
    const name = environments.data?.find((one) => one.id === id)?.name;
    return (
      <>
        Environment <bdi>{name ?? `#${id}`}</bdi>
      </>
    );
  }
  if (deferral === 'job' && job.deferring_job_definition_id !== null)
    return (
      <JobLink account={account} project={job.project_id} job={job.deferring_job_definition_id} />
    );
  return deferral === 'self' ? 'This job' : 'None';
}

function Variables({ job }: { job: JobDetail }) {
  const variables = job.custom_environment_variables ?? [];
  if (variables.length === 0) return null;
  return (
    <Section title="Environment variables">
      <Facts>
        {variables.map(({ id, name, display_value }) => (
          <Fact key={id} name={name}>
            {isSecretName(name) ? (
              <span className={css.dim}>secret</span>
            ) : (
              <code className="mono">{display_value}</code>
            )}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}
