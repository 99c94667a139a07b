import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Problem } from '@/ui/problem';
import { EnvironmentForm } from './environment-form';
import css from './environments.module.css';
import { attributesQuery, type Environment, useDeleteEnvironment } from './environments-api';

interface EnvironmentSettingsProps {
  account: number;
  environment: Environment;
}

export function EnvironmentSettings({ account, environment }: EnvironmentSettingsProps) {
  const { project_id: project, extended_attributes_id } = environment;
  const attributes = useQuery(attributesQuery(account, project, extended_attributes_id));
  if (attributes.isError)
    return (
      <Problem title="The extended attributes could not be read">
        {messageOf(attributes.error)}
      </Problem>
    );
  if (attributes.isLoading) return <Skeleton height={320} />;
  return (
    <div className={css.narrow}>
      <EnvironmentForm account={account} environment={environment} attributes={attributes.data} />
      <div className={css.danger}>
        <Delete account={account} environment={environment} />
      </div>
    </div>
  );
}

function Delete({ account, environment }: EnvironmentSettingsProps) {
  const navigate = useNavigate();
  const remove = useDeleteEnvironment(account, environment.project_id, environment.id);
  return (
    <ConfirmButton
      word="Delete environment"
      question={`Delete ${environment.name}?`}
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () =>
            void navigate({
              to: '/deploy/$account/environments',
              params: { account },
              ignoreBlocker: true,
            }),
        })
      }
    >
      Its variables' own values go with it. Runs that were made in it stay; the warehouse is not
      touched.
    </ConfirmButton>
  );
}
