import { Popover, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Run } from '@/api/types';
import { RunProgress } from '@/features/dashboard/run-progress';
import { useRunsInProgress } from '@/features/dashboard/use-runs-in-progress';
import { stateOf } from '@/features/runs/status';
import { StateIcon } from '@/ui/state-icon';
import { stateWord } from '@/ui/states';
import css from './run-activity.module.css';

/** How many runs are in progress, from anywhere; opened, what they are and how far. */
export function RunActivity({ account }: { account: number }) {
  const { list, runs, more } = useRunsInProgress(account);
  const [opened, setOpened] = useState(false);
  // The link that has the focus goes when its run ends, and then the list does not hear the key.
  useHotkeys([['Escape', () => setOpened(false)]]);
  const running = runs.some(({ status }) => status !== 1);
  const count = `${runs.length}${more ? '+' : ''}`;
  const words = `${count} ${runs.length === 1 ? 'run' : 'runs'} in progress`;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={360}
      trapFocus
      returnFocus
      transitionProps={{ duration: 80 }}
    >
      <Popover.Target>
        <UnstyledButton
          className={css.button}
          data-running={running || undefined}
          aria-label={list.data === undefined ? 'Runs in progress' : words}
          onClick={() => setOpened((open) => !open)}
        >
          {running ? (
            <StateIcon state="running" size={18} />
          ) : (
            <IconPlayerPlay size={18} stroke={1.75} aria-hidden="true" />
          )}
          {runs.length > 0 && <span className="tabular">{count}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={css.panel}>
        <Activity account={account} runs={runs} onLeave={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

const mostShown = 10;

interface ActivityProps {
  account: number;
  runs: readonly Run[];
  onLeave: () => void;
}

function Activity({ account, runs, onLeave }: ActivityProps) {
  return (
    <>
      {runs.length === 0 ? (
        <p className={css.none}>Nothing runs and nothing waits.</p>
      ) : (
        <ul className={css.list}>
          {runs.slice(0, mostShown).map((run) => (
            <li key={run.id} className={css.run}>
              <Link
                to="/deploy/$account/projects/$project/runs/$run"
                params={{ account, project: run.project_id, run: run.id }}
                className={css.link}
                onClick={onLeave}
              >
                <StateIcon state={stateOf(run.status)} label={stateWord[stateOf(run.status)]} />
                <bdi className={css.name}>{run.job?.name ?? `Job ${run.job_definition_id}`}</bdi>
                <span className={css.dim}>#{run.id}</span>
              </Link>
              <RunProgress account={account} run={run} />
            </li>
          ))}
        </ul>
      )}
      <Link
        to="/deploy/$account/runs"
        params={{ account }}
        search={runs.length === 0 ? {} : { status: 'running,queued' }}
        className={css.all}
        onClick={onLeave}
      >
        {runs.length > mostShown ? `All ${runs.length} in the list of runs` : 'Go to the runs'}
      </Link>
    </>
  );
}
