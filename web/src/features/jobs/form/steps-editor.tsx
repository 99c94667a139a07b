import { ActionIcon, Button, Textarea } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { stepProblem } from '../command';
import { rowKey, type StepDraft } from '../draft';
import css from './form.module.css';

interface StepsEditorProps {
  steps: StepDraft[];
  /** What the server or the form says of a step, by its place. */
  problemAt: (place: number) => string | undefined;
  /** `place`: only that step was typed in. */
  onChange: (steps: StepDraft[], place?: number) => void;
}

function moved(steps: readonly StepDraft[], from: number, to: number): StepDraft[] {
  const rest = steps.filter((_, place) => place !== from);
  const step = steps[from];
  return step === undefined ? rest : [...rest.slice(0, to), step, ...rest.slice(to)];
}

/** The commands of a job, each checked while it is typed. */
export function StepsEditor({ steps, problemAt, onChange }: StepsEditorProps) {
  const list = useRef<HTMLOListElement>(null);
  const added = useRef(false);
  const count = steps.length;
  useEffect(() => {
    if (added.current) list.current?.querySelectorAll('textarea')[count - 1]?.focus();
    added.current = false;
  }, [count]);
  return (
    <>
      <ol className={css.steps} ref={list} aria-label="Steps">
        {steps.map((step, place) => (
          <li key={step.key} className={css.step}>
            <Step
              place={place}
              last={place === count - 1}
              command={step.command}
              problem={problemAt(place)}
              onType={(command) =>
                onChange(
                  steps.map((one) => (one.key === step.key ? { ...one, command } : one)),
                  place,
                )
              }
              onMove={(to) => onChange(moved(steps, place, to))}
              onRemove={() => onChange(steps.filter((one) => one.key !== step.key))}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            added.current = true;
            onChange([...steps, { key: rowKey(), command: 'dbt ' }]);
          }}
        >
          Add a step
        </Button>
      </div>
    </>
  );
}

interface StepProps {
  place: number;
  last: boolean;
  command: string;
  problem: string | undefined;
  onType: (command: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Step({ place, last, command, problem, onType, onMove, onRemove }: StepProps) {
  const name = `Step ${place + 1}`;
  // A step that has just begun is not wrong yet.
  const begun = !'dbt '.startsWith(command);
  const error = problem ?? (begun ? stepProblem(command) : null);
  return (
    <>
      <Textarea
        className={css.command}
        classNames={{ input: 'mono' }}
        aria-label={name}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        autoCapitalize="off"
        placeholder="dbt build"
        value={command}
        error={error}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <span className={css.stepActions}>
        <ActionIcon
          aria-label={`Move ${name.toLowerCase()} up`}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        >
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon
          aria-label={`Move ${name.toLowerCase()} down`}
          disabled={last}
          onClick={() => onMove(place + 1)}
        >
          <IconArrowDown size={16} />
        </ActionIcon>
        <ActionIcon aria-label={`Remove ${name.toLowerCase()}`} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </span>
    </>
  );
}
