import { Button, Popover, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerStop, IconRefresh, IconRotateClockwise } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { retryRefusal } from '../run-facts';
import { useCancelRun, useRetryRun, useRunJob } from '../runs-api';
import { isOver, stateOf } from '../status';
import css from './run-actions.module.css';

interface RunActionsProps {
  account: number;
  run: Run;
}

/** What can be done to a run in its present state. */
export function RunActions({ account, run }: RunActionsProps) {
  return isOver(run.status) ? (
    <AgainActions account={account} run={run} />
  ) : (
    <CancelAction account={account} run={run} />
  );
}

function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <span role="alert" className={css.error}>
      {messageOf(error)}
    </span>
  );
}

function CancelAction({ account, run }: RunActionsProps) {
  const cancel = useCancelRun(account);
  const [asking, ask] = useDisclosure(false);
  const confirm = () => {
    ask.close();
    cancel.mutate(run.id);
  };
  return (
    <>
      <Refusal error={cancel.error} />
      <Popover
        opened={asking}
        onChange={(open) => !open && ask.close()}
        position="bottom-end"
        trapFocus
        returnFocus
        withRoles
      >
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            loading={cancel.isPending || cancel.isSuccess}
            onClick={ask.toggle}
          >
            Cancel
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Cancel the run">
          <p className={css.question}>
            Cancel run #{run.id}? dbt is stopped where it is; what it has built stays.
          </p>
          <div className={css.answers}>
            <Button variant="default" onClick={ask.close}>
              Keep running
            </Button>
            <Button color="red" className={css.danger} onClick={confirm}>
              Cancel run
            </Button>
          </div>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function AgainActions({ account, run }: RunActionsProps) {
  const retry = useRetryRun(account);
  const rerun = useRunJob(account);
  const navigate = useNavigate();
  const open = (next: Run) =>
    void navigate({
      to: '/deploy/$account/projects/$project/runs/$run/',
      params: { account, project: next.project_id, run: next.id },
    });
  const failed = stateOf(run.status) === 'error';
  const busy = retry.isPending || rerun.isPending;
  return (
    <>
      <Refusal error={retry.error ?? rerun.error} />
      {failed && (
        <Tooltip
          label={run.can_retry ? 'Run again from the failed step' : retryRefusal(run)}
          multiline
          maw={280}
        >
          <Button
            leftSection={<IconRotateClockwise size={14} />}
            loading={retry.isPending}
            data-disabled={!run.can_retry || busy}
            aria-disabled={!run.can_retry || busy}
            onClick={() => run.can_retry && !busy && retry.mutate(run.id, { onSuccess: open })}
          >
            Retry
          </Button>
        </Tooltip>
      )}
      <Tooltip label="Run the whole job again">
        <Button
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={rerun.isPending}
          onClick={() =>
            !busy &&
            rerun.mutate(
              { job: run.job_definition_id, cause: `Rerun of #${run.id}` },
              { onSuccess: open },
            )
          }
        >
          Rerun
        </Button>
      </Tooltip>
    </>
  );
}
