import { NativeSelect, UnstyledButton } from '@mantine/core';
import type { Run } from '@/api/types';
import { Duration } from '@/ui/duration';
import { StateIcon } from '@/ui/state-icon';
import { stateWord } from '@/ui/states';
import { phaseOfStep } from '../../run-facts';
import { stateOfStep } from '../../status';
import { shortStepName } from '../step-name';
import css from './logs-panel.module.css';

interface StepListProps {
  run: Run;
  selected: number;
  onSelect: (step: number) => void;
}

export function StepList({ run, selected, onSelect }: StepListProps) {
  return (
    <nav aria-label="Steps" className={css.steps}>
      <ol>
        {run.run_steps.map((step) => {
          const state = stateOfStep(step);
          const { from, to } = phaseOfStep(step, run);
          return (
            <li key={step.index}>
              <UnstyledButton
                className={css.step}
                aria-current={step.index === selected ? 'step' : undefined}
                onClick={() => onSelect(step.index)}
                title={step.name}
              >
                <StateIcon state={state} label={stateWord[state]} />
                <span className={css.stepName}>{shortStepName(step.name)}</span>
                <span className={css.stepTime}>
                  <Duration from={from} to={to} absent="" />
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** The same choice where there is no room for a list. */
export function StepSelect({ run, selected, onSelect }: StepListProps) {
  const options = run.run_steps.map((step) => ({
    value: String(step.index),
    label: `${step.index}. ${shortStepName(step.name)} – ${stateWord[stateOfStep(step)]}`,
  }));
  return (
    <NativeSelect
      aria-label="Step"
      data={options}
      value={String(selected)}
      onChange={(event) => onSelect(Number(event.currentTarget.value))}
    />
  );
}
