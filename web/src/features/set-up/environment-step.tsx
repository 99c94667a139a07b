import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { EnvironmentForm } from '../environments/environment-form';
import { attributesQuery, environmentQuery } from '../environments/environments-api';
import css from './set-up.module.css';
import type { StepProps } from './set-up-page';
import { StepSkeleton } from './step-skeleton';

export function EnvironmentStep({ account, search, go }: StepProps) {
  const environment = useQuery(environmentQuery(account, search.environment ?? 0));
  const attributes = useQuery(
    attributesQuery(account, search.project ?? 0, environment.data?.extended_attributes_id ?? null),
  );
  const error = environment.error ?? attributes.error;
  if (error) return <Problem title="The environment could not be read">{messageOf(error)}</Problem>;
  if (environment.data === undefined || attributes.isLoading) return <StepSkeleton />;
  return (
    <>
      <p className={css.text}>
        An environment says with which dbt, which branch and which credentials jobs run. Millwright
        made this one with the connection and the credentials of the first step; most people only
        look at it and go on.
      </p>
      <EnvironmentForm
        account={account}
        environment={environment.data}
        attributes={attributes.data}
        withoutConnection
        submitWord="Save and continue"
        onSaved={() => go({ checked: true, step: undefined })}
      />
    </>
  );
}
