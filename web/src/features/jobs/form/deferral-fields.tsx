import { Radio, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Deferral } from '../draft';
import type { EnvironmentChoice } from '../job-types';
import { jobChoicesQuery } from '../jobs-api';
import css from './form.module.css';
import type { PartProps } from './use-job-draft';

interface DeferralFieldsProps extends PartProps {
  account: number;
  environments: readonly EnvironmentChoice[];
  own: number | null;
}

const choices: readonly { deferral: Deferral; word: string; help: string }[] = [
  { deferral: 'none', word: 'None', help: 'Everything is built and read in the job’s own schema.' },
  {
    deferral: 'environment',
    word: 'An environment',
    help: 'Its last successful run is what is compared with and read from.',
  },
  { deferral: 'job', word: 'Another job', help: 'The same with that job’s last successful run.' },
  {
    deferral: 'self',
    word: 'This job',
    help: 'Its own last successful run: builds only what changed since.',
  },
];

export function DeferralFields({ form, account, environments, own }: DeferralFieldsProps) {
  const { draft, problems, set } = form;
  const jobs = useQuery({ ...jobChoicesQuery(account), enabled: draft.deferral === 'job' });
  const others = (jobs.data ?? []).filter(
    (job) => job.project_id === draft.projectId && job.id !== own,
  );
  return (
    <>
      <Radio.Group
        aria-label="Defer to"
        value={draft.deferral}
        onChange={(deferral) => set({ deferral: deferral as Deferral })}
      >
        <div className={css.stack}>
          {choices.map(({ deferral, word, help }) => (
            <Radio key={deferral} value={deferral} label={word} description={help} />
          ))}
        </div>
      </Radio.Group>
      {draft.deferral === 'environment' && (
        <Select
          label="Environment to defer to"
          searchable
          data={environments
            .filter((one) => one.project_id === draft.projectId)
            .map((one) => ({ value: String(one.id), label: one.name }))}
          value={draft.deferringEnvironment === null ? null : String(draft.deferringEnvironment)}
          error={problems['deferring_environment_id']}
          onChange={(id) => set({ deferringEnvironment: id === null ? null : Number(id) })}
        />
      )}
      {draft.deferral === 'job' && (
        <Select
          label="Job to defer to"
          searchable
          nothingFoundMessage="This project has no other job"
          data={others.map((job) => ({
            value: String(job.id),
            label: `${job.name} (#${job.id})`,
          }))}
          value={draft.deferringJob === null ? null : String(draft.deferringJob)}
          error={problems['deferring_job_definition_id']}
          onChange={(id) => set({ deferringJob: id === null ? null : Number(id) })}
        />
      )}
    </>
  );
}
