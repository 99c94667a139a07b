import { Checkbox, Switch, TextInput } from '@mantine/core';
import type { EnvironmentChoice } from '../job-types';
import { CompareAgainst } from './compare-against';
import css from './form.module.css';
import { HostNote, type useHostLack } from './host-note';
import type { PartProps } from './use-job-draft';

interface PullRequestFieldsProps extends PartProps {
  account: number;
  environments: readonly EnvironmentChoice[];
  /** The job itself; null for one that is yet to be made. */
  own: number | null;
  lack: ReturnType<typeof useHostLack>;
}

/** What is said of the runs of a job that pull requests start. */
export function PullRequestFields(props: PullRequestFieldsProps) {
  const { form, account, environments, own, lack } = props;
  const { draft, problems, set } = form;
  return (
    <div className={css.inner}>
      <HostNote account={account} found={lack} />
      <p className={css.note}>
        Each pull request is built in a schema of its own,{' '}
        <code className="mono">dbt_cloud_pr_{own ?? '<job>'}_&lt;pr&gt;</code>, at its newest commit
        only: a newer one cancels what still runs. The schema is dropped when the pull request is
        closed or merged. Pull requests from forks are not built.
      </p>
      <Checkbox
        label="Also for draft pull requests"
        checked={draft.onDraft}
        onChange={(event) => set({ onDraft: event.currentTarget.checked })}
      />
      <Switch
        label="Compare changes"
        description="After the build, compares the rows of what it built with those of the environment that it defers to."
        checked={draft.compareChanges}
        onChange={(event) => set({ compareChanges: event.currentTarget.checked })}
      />
      {draft.compareChanges && (
        <div className={css.inner}>
          <TextInput
            label="Which models are compared"
            description="Flags of dbt’s selection."
            classNames={{ input: 'mono' }}
            required
            maxLength={1024}
            autoComplete="off"
            spellCheck={false}
            value={draft.compareFlags}
            error={problems['compare_changes_flags']}
            onChange={(event) => set({ compareFlags: event.currentTarget.value })}
          />
        </div>
      )}
      <Switch
        label="Lint"
        description="Before the build, looks at the changed SQL with SQLFluff, by the project’s .sqlfluff."
        checked={draft.lint}
        onChange={(event) => set({ lint: event.currentTarget.checked })}
      />
      {draft.lint && (
        <div className={css.inner}>
          <Checkbox
            label="Fail the run on lint errors"
            description="Otherwise they stand in the log, and the build goes on."
            checked={draft.lintFails}
            onChange={(event) => set({ lintFails: event.currentTarget.checked })}
          />
        </div>
      )}
      <CompareAgainst form={form} environments={environments} />
    </div>
  );
}
