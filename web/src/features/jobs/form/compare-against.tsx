import { Button } from '@mantine/core';
import type { EnvironmentChoice } from '../job-types';
import css from './form.module.css';
import { productionOf } from './trigger-words';
import type { PartProps } from './use-job-draft';

interface CompareAgainstProps extends PartProps {
  environments: readonly EnvironmentChoice[];
}

/** With what a pull request is compared; offers production where nothing is chosen. */
export function CompareAgainst({ form, environments }: CompareAgainstProps) {
  const { draft, set } = form;
  if (draft.deferral !== 'none') {
    const id = draft.deferringEnvironment;
    const name = environments.find((one) => one.id === id)?.name;
    return (
      <p className={css.note}>
        The job defers to{' '}
        {draft.deferral === 'environment' ? (
          <bdi>{name ?? 'an environment'}</bdi>
        ) : draft.deferral === 'job' ? (
          'another job'
        ) : (
          'this job'
        )}
        , as set under Deferral below.
      </p>
    );
  }
  const production = productionOf(environments, draft.projectId);
  return (
    <div className={css.hint}>
      <p className={css.note}>
        The job defers to nothing: state:modified and Compare changes have nothing to compare with.
      </p>
      {production !== undefined && (
        <div>
          <Button
            variant="default"
            onClick={() => set({ deferral: 'environment', deferringEnvironment: production.id })}
          >
            Defer to&nbsp;<bdi>{production.name}</bdi>
          </Button>
        </div>
      )}
    </div>
  );
}
