import { Checkbox, Select, Skeleton, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { environmentNamesQuery, projectNamesQuery } from '../account/names-api';
import css from './notifications.module.css';
import { modelSwitchesQuery, useSwitchModels } from './notifications-api';

const route = '/signed-in/settings/$account/notifications';

const kinds = [
  { key: 'on_failure', word: 'Failed' },
  { key: 'on_warning', word: 'With warnings' },
  { key: 'on_success', word: 'Succeeded' },
  { key: 'on_skipped', word: 'Skipped' },
] as const;

export function ModelNotifications({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/notifications' });
  const environments = useQuery(environmentNamesQuery(account));
  const { data: projects } = useQuery(projectNamesQuery(account));
  const projectOf = (id: number) => projects?.find((project) => project.id === id)?.name;
  const data = (environments.data ?? []).map(({ id, name, project_id }) => ({
    value: String(id),
    label: [projectOf(project_id), name].filter((part) => part !== undefined).join(' · '),
  }));
  const chosen = search.environment ?? environments.data?.[0]?.id;
  if (environments.data?.length === 0) return <p>There are no environments yet.</p>;
  return (
    <div className={css.card}>
      <Select
        label="Environment"
        maw={400}
        searchable
        allowDeselect={false}
        data={data}
        value={chosen === undefined ? null : String(chosen)}
        onChange={(id) =>
          id !== null &&
          void navigate({ search: { ...search, environment: Number(id) }, replace: true })
        }
      />
      {chosen !== undefined && <Switches key={chosen} environment={chosen} />}
    </div>
  );
}

function Switches({ environment }: { environment: number }) {
  const { account } = useParams({ from: route });
  const switches = useQuery(modelSwitchesQuery(account, environment));
  const change = useSwitchModels(account, environment);
  if (switches.isError && switches.data === undefined) {
    return (
      <Problem title="The switches could not be read" onRetry={() => void switches.refetch()}>
        {messageOf(switches.error)}
      </Problem>
    );
  }
  if (switches.data === undefined) return <Skeleton height={48} />;
  // What was pressed is shown while it is being saved.
  const shown = { ...switches.data, ...(change.isPending ? change.variables : {}) };
  return (
    <>
      <Switch
        label="Tell owners of their models"
        checked={shown.enabled}
        onChange={({ currentTarget: { checked } }) => change.mutate({ enabled: checked })}
      />
      <div className={css.checks}>
        {kinds.map(({ key, word }) => (
          <Checkbox
            key={key}
            label={word}
            disabled={!shown.enabled}
            checked={shown[key]}
            onChange={({ currentTarget: { checked } }) => change.mutate({ [key]: checked })}
          />
        ))}
      </div>
      {change.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(change.error)}
        </p>
      )}
    </>
  );
}
