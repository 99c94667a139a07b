import { Button, Textarea, TextInput } from '@mantine/core';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { SecretInput } from '@/ui/form/secret-input';
import { useDraft } from '../projects/use-draft';
import {
  changesOf,
  isSecretName,
  problemWithName,
  projectPlace,
  type TypedValue,
  type VariableRow,
} from './matrix';
import css from './variables.module.css';
import { useDeleteVariable, useSaveVariable } from './variables-api';

interface VariablePanelProps {
  account: number;
  project: number;
  /** Undefined for a new one. */
  row: VariableRow | undefined;
  taken: readonly string[];
  places: readonly string[];
  onDone: () => void;
}

interface Draft {
  name: string;
  values: Record<string, TypedValue>;
}

function startOf(row: VariableRow | undefined): Draft {
  if (row === undefined) return { name: 'DBT_', values: {} };
  const values = Object.entries(row.values).map(([place, value]) => [
    place,
    row.secret ? undefined : value,
  ]);
  return { name: row.name, values: Object.fromEntries(values) };
}

/** A variable in every place. */
export function VariablePanel({
  account,
  project,
  row,
  taken,
  places,
  onDone,
}: VariablePanelProps) {
  const form = useDraft<Draft>(startOf(row));
  const { draft, change, errors, setErrors } = form;
  const save = useSaveVariable(account, project);
  const secret = isSecretName(draft.name);
  const submit = () => {
    const problem = row === undefined ? problemWithName(draft.name, taken) : null;
    const values = changesOf(row, draft.values);
    const found: Record<string, string> = {};
    if (problem !== null) found['name'] = problem;
    else if (row === undefined && Object.keys(values).length === 0)
      found['values.project'] = 'Give it a value in one place at least';
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    if (Object.keys(values).length === 0) {
      onDone();
      return;
    }
    save.mutate(
      { name: draft.name, values },
      {
        onSuccess: onDone,
        onError: (error) => setErrors(fieldErrors(error, { new_name: 'name' })),
      },
    );
  };
  return (
    <div className={css.panel}>
      <Form
        label="Environment variable"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        error={save.error}
        shown={['name', 'new_name']}
        pending={save.isPending}
        // The panel is left by its own button or Esc, not by a page's address alone.
        dirty={false}
      >
        {row === undefined && (
          <TextInput
            label="Name"
            description="Begins with DBT_; with DBT_ENV_SECRET_ its values are write-only"
            required
            data-autofocus
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: 'mono' }}
            value={draft.name}
            error={errors['name']}
            onChange={(event) => change({ name: event.currentTarget.value.toUpperCase() })}
          />
        )}
        {places.map((place) => (
          <PlaceInput
            key={`${place} ${secret}`}
            place={place}
            secret={secret}
            stored={row?.values[place] !== undefined}
            value={draft.values[place]}
            error={errors[`values.${place}`]}
            onChange={(value) => change({ values: { ...draft.values, [place]: value } })}
          />
        ))}
      </Form>
      {row && <Delete account={account} project={project} name={row.name} onDone={onDone} />}
    </div>
  );
}

interface PlaceInputProps {
  place: string;
  secret: boolean;
  stored: boolean;
  value: TypedValue;
  error: string | undefined;
  onChange: (value: TypedValue) => void;
}

function PlaceInput({ place, secret, stored, value, error, onChange }: PlaceInputProps) {
  const label = place === projectPlace ? 'Project default' : place;
  const present = typeof value === 'string' || (secret && stored && value === undefined);
  return (
    <div className={css.place}>
      {secret ? (
        <SecretInput
          label={label}
          stored={stored && value !== null}
          value={value ?? null}
          error={error ?? null}
          onChange={(text) => onChange(text === null ? undefined : text === '' ? null : text)}
        />
      ) : (
        <Textarea
          label={label}
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
          placeholder={present ? 'Empty text' : place === projectPlace ? 'None' : 'As the default'}
          classNames={{ input: 'mono' }}
          value={value ?? ''}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {present && (
        <Button
          variant="subtle"
          size="compact-xs"
          className={css.remove}
          onClick={() => onChange(null)}
        >
          Remove the value
        </Button>
      )}
    </div>
  );
}

interface DeleteProps {
  account: number;
  project: number;
  name: string;
  onDone: () => void;
}

function Delete({ account, project, name, onDone }: DeleteProps) {
  const remove = useDeleteVariable(account, project);
  return (
    <ConfirmButton
      word="Delete variable"
      question={`Delete ${name}?`}
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={(close) =>
        remove.mutate(name, {
          onSuccess: () => {
            close();
            onDone();
          },
        })
      }
    >
      Its values go in every environment, and those of jobs and people with them. Code that reads it
      without a default then fails.
    </ConfirmButton>
  );
}
