import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { AccessTable } from './access-table';
import { setNamesQuery } from './groups-api';
import { permissionSet } from './permission-sets';
import css from './sets-panel.module.css';

/** Stands for the projects that a grant would name. */
const someProject = 0;

interface SetsPanelProps {
  account: number;
  opened: boolean;
  onClose: () => void;
}

/** What each permission set allows. */
export function SetsPanel({ account, opened, onClose }: SetsPanelProps) {
  const sets = useQuery({ ...setNamesQuery(account), enabled: opened });
  return (
    <SidePanel title="What permission sets allow" opened={opened} onClose={onClose} size={720}>
      {sets.isError && (
        <Problem title="The permission sets could not be read" onRetry={() => void sets.refetch()}>
          {messageOf(sets.error)}
        </Problem>
      )}
      {sets.isPending && <Skeleton height={240} />}
      <div className={css.sets}>
        {sets.data?.map(({ value, label }) => (
          <section key={value} className={css.set} aria-label={label}>
            <h3 className={css.title}>
              {label} <code className={css.code}>{value}</code>
            </h3>
            <SetMeaning name={value} />
          </section>
        ))}
      </div>
    </SidePanel>
  );
}

function SetMeaning({ name }: { name: string }) {
  const set = permissionSet(name);
  return (
    <>
      {set?.ofAccount && <p className={css.note}>Is always given for all projects.</p>}
      {set?.byEnvironment && (
        <p className={css.note}>
          Jobs and runs can be limited to environments of some categories; they are seen in all.
        </p>
      )}
      <AccessTable
        grants={[{ set: name, project: set?.ofAccount ? null : someProject, categories: [] }]}
        licence="developer"
        nameOf={() => 'the projects it is given for'}
        nothing="This page does not know what it allows."
      />
    </>
  );
}
