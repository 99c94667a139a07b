import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from '@/api/errors';
import type { LogFilter, Run, RunStep } from '@/api/types';
import { copyWord, useCopy } from '@/ui/copy';
import { plainText } from '@/ui/log-view/ansi';
import { type LogHandle, LogView } from '@/ui/log-view/log-view';
import { Problem } from '@/ui/problem';
import type { RunSearch } from '../../search-params';
import { isOver, stateOfStep } from '../../status';
import type { ChangeSearch } from '../change-search';
import { whichStep } from '../which-step';
import { LogToolbar } from './log-toolbar';
import css from './logs-panel.module.css';
import type { ShownRows } from './shown-rows';
import { StepList, StepSelect } from './step-list';
import { useLog } from './use-log';
import { useLogSearch } from './use-log-search';

interface LogsPanelProps {
  account: number;
  run: Run;
  search: RunSearch;
  change: ChangeSearch;
  shown: ShownRows;
}

export function LogsPanel({ account, run, search, change, shown }: LogsPanelProps) {
  const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
  const step = whichStep(run, search.step);
  const level: LogFilter = search.level ?? 'info';
  const select = (index: number) => change({ step: index, find: undefined });
  if (step === null) {
    return (
      <p className={css.waiting}>
        {isOver(run.status)
          ? 'The run ended before its first step.'
          : 'The steps appear as soon as the run starts.'}
      </p>
    );
  }
  return (
    <div className={css.panel}>
      {narrow ? (
        <StepSelect run={run} selected={step.index} onSelect={select} />
      ) : (
        <StepList run={run} selected={step.index} onSelect={select} />
      )}
      <StepLog
        key={`${step.index} ${level}`}
        account={account}
        run={run}
        step={step}
        level={level}
        find={search.find ?? ''}
        change={change}
        narrow={narrow}
        shown={shown}
      />
    </div>
  );
}

interface StepLogProps {
  account: number;
  run: Run;
  step: RunStep;
  level: LogFilter;
  find: string;
  change: ChangeSearch;
  narrow: boolean;
  shown: ShownRows;
}

function useWrap(narrow: boolean): [boolean, () => void] {
  const [choice, setChoice] = useLocalStorage<boolean | null>({
    key: 'millwright-log-wrap',
    defaultValue: null,
  });
  // On a phone a line that does not wrap cannot be read at all.
  const wrap = choice ?? narrow;
  return [wrap, () => setChoice(!wrap)];
}

function StepLog({ account, run, step, level, find, change, narrow, shown }: StepLogProps) {
  const live = !isOver(run.status) && !isOver(step.status);
  const log = useLog(account, run.id, step.index, level, live, shown);
  const { readOn, readToEnd } = log;
  const onFind = useCallback(
    (text: string) => change({ find: text === '' ? undefined : text }),
    [change],
  );
  const search = useLogSearch(log, find, onFind);
  const [wrap, toggleWrap] = useWrap(narrow);
  const { result, copy } = useWholeLogCopy(log);
  const view = useRef<LogHandle>(null);
  const searching = search.query !== '';
  useEffect(() => {
    if (searching) readToEnd();
  }, [searching, readToEnd]);

  return (
    <div className={css.log}>
      <LogToolbar
        search={search}
        reading={log.loading}
        level={level}
        onLevel={(next) =>
          change({ level: next === 'debug' ? 'debug' : undefined, step: step.index })
        }
        wrap={wrap}
        onWrap={toggleWrap}
        onCopy={copy}
        copyWord={copyWord(result, 'Copy the log')}
        copied={result === 'copied'}
        onEnd={() => {
          readToEnd();
          view.current?.toEnd();
        }}
      />
      {log.dropped > 0 && (
        <p className={css.note}>
          This log is very long: its first {log.dropped.toLocaleString('en')} lines are not kept in
          this page.
        </p>
      )}
      {log.error !== null && (
        <Problem title="The log could not be read" onRetry={readOn}>
          {messageOf(log.error)}
        </Problem>
      )}
      <LogView
        ref={view}
        rows={log.rows}
        revision={log.revision}
        dropped={log.dropped}
        label={`Log of step ${step.index}, ${step.name}`}
        live={live}
        reading={log.loading}
        wrap={wrap}
        query={search.query}
        current={search.row}
        onNearEnd={log.readAhead}
        empty={emptyText(step, log.loading)}
      />
    </div>
  );
}

function emptyText(step: RunStep, loading: boolean): string {
  if (loading) return 'Reading the log…';
  switch (stateOfStep(step)) {
    case 'queued':
    case 'starting':
      return 'This step has not started yet.';
    case 'running':
      return 'No output yet.';
    case 'skipped':
      return 'This step was skipped, because an earlier one did not succeed or the run was cancelled.';
    default:
      return 'This step wrote nothing at this level.';
  }
}

/** Copies the log as shown; what is not here yet is read first. */
function useWholeLogCopy(log: ReturnType<typeof useLog>) {
  const { result, copy } = useCopy();
  const [wanted, want] = useState(false);
  const { rows, loading, readToEnd } = log;
  useEffect(() => {
    if (!wanted || loading) return;
    want(false);
    copy(rows.map((row) => plainText(row.text)).join('\n'));
  }, [wanted, loading, rows, copy]);
  const start = () => {
    readToEnd();
    want(true);
  };
  return { result, copy: start };
}
