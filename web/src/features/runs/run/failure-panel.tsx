import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Run, RunNode } from '@/api/types';
import { copyWord, useCopy } from '@/ui/copy';
import { plainText } from '@/ui/log-view/ansi';
import { StateIcon } from '@/ui/state-icon';
import { stepErrorsQuery } from '../runs-api';
import { isOver, stateOf } from '../status';
import type { ChangeSearch } from './change-search';
import css from './failure-panel.module.css';
import { type Failure, firstFailure } from './first-failure';
import { shortStepName } from './step-name';

interface FailurePanelProps {
  account: number;
  run: Run;
  nodes: readonly RunNode[];
  /** The nodes are not there yet, so which one failed is not known. */
  pending: boolean;
  change: ChangeSearch;
}

/** More lines of a message than this fold away, so that the log stays in view. */
const foldedLines = 8;
/** Of a step's log, which may hold thousands of errors. */
const maxErrorLines = 40;

/** The first error of the run, above everything else that one could look at. */
export function FailurePanel({ account, run, nodes, pending, change }: FailurePanelProps) {
  if (pending) return stateOf(run.status) === 'error' ? <Skeleton height={112} /> : null;
  const failure = firstFailure(run, nodes);
  if (failure === null) return null;
  return failure.kind === 'node' ? (
    <NodeFailure failure={failure} change={change} />
  ) : (
    <StepFailure account={account} run={run} failure={failure} change={change} />
  );
}

function NodeFailure({
  failure,
  change,
}: {
  failure: Failure & { kind: 'node' };
  change: ChangeSearch;
}) {
  const { node, others } = failure;
  const message = plainText(node.message ?? '') || 'dbt gave no message; its log has the rest.';
  return (
    <Panel
      title={
        <>
          <span className={css.kind}>{node.resource_type}</span>{' '}
          <bdi className="mono">{node.name}</bdi> failed
        </>
      }
      message={message}
      copied={`${node.unique_id}\n${message}`}
    >
      <Button
        variant="default"
        onClick={() => change({ tab: undefined, step: node.step, find: node.name })}
      >
        Show in log
      </Button>
      <Button variant="default" onClick={() => change({ tab: 'nodes', node: node.unique_id })}>
        Node details
      </Button>
      {others > 0 && (
        <Button
          variant="subtle"
          onClick={() =>
            change({ tab: 'nodes', outcome: 'error', filter: undefined, node: undefined })
          }
        >
          {others} more failed
        </Button>
      )}
    </Panel>
  );
}

interface StepFailureProps {
  account: number;
  run: Run;
  failure: Failure & { kind: 'step' };
  change: ChangeSearch;
}

/** Where no node failed, the step's own last words of error are what the reader needs. */
function StepFailure({ account, run, failure, change }: StepFailureProps) {
  const { step, message } = failure;
  const log = useQuery({
    ...stepErrorsQuery(account, run.id, step?.index ?? 0),
    enabled: step !== null && isOver(run.status),
  });
  const said = (log.data?.lines ?? [])
    .filter((line) => line.level === 'error')
    .slice(0, maxErrorLines)
    .map((line) => plainText(line.text))
    // The run's own message often repeats what the step said last.
    .filter((line) => line.trim() === '' || !message.includes(line.trim()));
  const text = [message, said.join('\n').trim()].filter((part) => part !== '').join('\n');
  const shown = text || 'The run failed before it could say why; the log may tell more.';
  return (
    <Panel
      title={
        step === null ? 'The run failed' : `Step ${step.index} “${shortStepName(step.name)}” failed`
      }
      message={shown}
      copied={shown}
    >
      {step !== null && (
        <Button
          variant="default"
          onClick={() => change({ tab: undefined, step: step.index, find: undefined })}
        >
          Show log
        </Button>
      )}
    </Panel>
  );
}

interface PanelProps {
  title: React.ReactNode;
  message: string;
  copied: string;
  children: React.ReactNode;
}

function Panel({ title, message, copied, children }: PanelProps) {
  const [open, setOpen] = useState(false);
  const { result, copy } = useCopy();
  const lines = message.split('\n');
  const folds = lines.length > foldedLines + 2;
  const shown = folds && !open ? lines.slice(0, foldedLines).join('\n') : message;
  return (
    <section className={css.panel} aria-label="First error">
      <div className={css.head}>
        <h2 className={css.title}>
          <StateIcon state="error" size={18} />
          <span>{title}</span>
        </h2>
        <div className={css.actions}>
          <Button variant="subtle" onClick={() => copy(copied)}>
            {copyWord(result, 'Copy message')}
          </Button>
          {children}
        </div>
      </div>
      <pre className={css.message}>{shown}</pre>
      {folds && (
        <div>
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={open}
            onClick={() => setOpen((value) => !value)}
          >
            {open ? 'Show less' : `Show all ${lines.length} lines`}
          </Button>
        </div>
      )}
    </section>
  );
}
