import { Tooltip, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import type { Run, RunNode } from '@/api/types';
import { Duration } from '@/ui/duration';
import { StateIcon } from '@/ui/state-icon';
import { type StateName, stateTone, stateWord } from '@/ui/states';
import { phaseOfStep } from '../run-facts';
import { type BarSegment, barOf, tickPath } from './bar-model';
import css from './run-bar.module.css';
import { shortStepName } from './step-name';

interface RunBarProps {
  run: Run;
  nodes: readonly RunNode[];
  onStep: (step: number) => void;
}

/** Drawn last lies on top: what failed must never hide behind what went well. */
const drawingOrder: StateName[] = [
  'queued',
  'skipped',
  'success',
  'cancelled',
  'running',
  'warning',
  'error',
];

/** The whole run in one line: a segment per step, a tick per node; pointing tells, clicking opens the log. */
export function RunBar({ run, nodes, onStep }: RunBarProps) {
  if (run.run_steps.length === 0) return <div className={css.bar} data-empty />;
  return (
    <ol className={css.bar} aria-label="Steps of the run">
      {barOf(run, nodes).map((segment) => (
        <Segment key={segment.step.index} run={run} segment={segment} onStep={onStep} />
      ))}
    </ol>
  );
}

interface SegmentProps {
  run: Run;
  segment: BarSegment;
  onStep: (step: number) => void;
}

function Segment({ run, segment, onStep }: SegmentProps) {
  const { step, state, weight, total, done } = segment;
  const { from, to } = phaseOfStep(step, run);
  const progress = total > 0 ? `${done} of ${total}` : null;
  return (
    <li className={css.item} style={{ flexGrow: weight }}>
      <Tooltip
        label={
          <>
            {step.name}
            <br />
            {stateWord[state]}
            {progress && ` · ${progress} nodes`}
            {from !== null && (
              <>
                {' · '}
                <Duration from={from} to={to} />
              </>
            )}
          </>
        }
        multiline
        maw={360}
      >
        <UnstyledButton
          className={css.segment}
          aria-label={`${step.name}: ${stateWord[state]}${progress === null ? '' : `, ${progress} nodes`}`}
          onClick={() => onStep(step.index)}
        >
          <span
            className={css.track}
            data-tone={stateTone[state]}
            data-state={state}
            data-plain={total === 0 || undefined}
          >
            {total > 0 && <Ticks segment={segment} />}
          </span>
          <span className={css.caption}>
            <StateIcon state={state} size={12} />
            <span className={css.name}>{shortStepName(step.name)}</span>
            {progress && state === 'running' && <span className={css.progress}>{progress}</span>}
          </span>
        </UnstyledButton>
      </Tooltip>
    </li>
  );
}

const Ticks = memo(function Ticks({ segment: { total, ticks } }: { segment: BarSegment }) {
  return (
    <svg
      className={css.ticks}
      viewBox={`0 0 ${total} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {drawingOrder.map((state) => {
        const places = ticks.get(state);
        return (
          places && <path key={state} d={tickPath(places, total)} data-tone={stateTone[state]} />
        );
      })}
    </svg>
  );
});
