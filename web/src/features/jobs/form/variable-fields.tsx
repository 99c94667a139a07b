import { ActionIcon, Autocomplete, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { SecretInput } from '@/ui/form/secret-input';
import { rowKey, type VariableDraft } from '../draft';
import { isSecretName } from '../job-types';
import { type ProjectVariables, projectVariablesQuery } from '../jobs-api';
import css from './form.module.css';
import type { PartProps } from './use-job-draft';

interface VariableFieldsProps extends PartProps {
  account: number;
  /** Name of the chosen environment. */
  environment: string | undefined;
}

/** What a variable is without the job's own value, in words. */
function inherited(
  table: ProjectVariables | undefined,
  name: string,
  environment: string | undefined,
): string {
  const row = table?.variables[name];
  const value = (environment === undefined ? undefined : row?.[environment]) ?? row?.['project'];
  if (value === undefined) return 'Not set for the project or this environment.';
  const place = environment !== undefined && row?.[environment] ? 'environment' : 'project';
  return `Instead of “${value.value}” of the ${place}.`;
}

/** Values of environment variables that hold for this job only. */
export function VariableFields({ form, account, environment }: VariableFieldsProps) {
  const { draft, problems, set } = form;
  const project = draft.projectId ?? 0;
  const table = useQuery({
    ...projectVariablesQuery(account, project),
    enabled: project > 0,
  });
  const known = Object.keys(table.data?.variables ?? {});
  const change = (place: number, patch: Partial<VariableDraft>) =>
    set(
      {
        variables: draft.variables.map((one, at) => (at === place ? { ...one, ...patch } : one)),
      },
      `variables.${place}.`,
    );
  return (
    <>
      {draft.variables.length > 0 && (
        <ul className={css.variables} aria-label="Environment variable overrides">
          {draft.variables.map((variable, place) => (
            <li key={variable.key} className={css.variable}>
              <Autocomplete
                label="Name"
                classNames={{ input: 'mono' }}
                placeholder="DBT_…"
                data={known}
                disabled={variable.id !== null}
                value={variable.name}
                error={problems[`variables.${place}.name`]}
                onChange={(name) => change(place, { name })}
              />
              <Value
                variable={variable}
                help={inherited(table.data, variable.name.trim(), environment)}
                error={problems[`variables.${place}.value`]}
                onChange={(value) => change(place, { value })}
              />
              <ActionIcon
                className={css.removeVariable}
                aria-label={`Remove the override of ${variable.name || 'this variable'}`}
                onClick={() =>
                  set({ variables: draft.variables.filter((one) => one.key !== variable.key) })
                }
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            set(
              {
                variables: [...draft.variables, { key: rowKey(), id: null, name: '', value: '' }],
              },
              'none',
            )
          }
        >
          Add an override
        </Button>
      </div>
    </>
  );
}

interface ValueProps {
  variable: VariableDraft;
  help: string;
  error: string | undefined;
  onChange: (value: string | null) => void;
}

function Value({ variable, help, error, onChange }: ValueProps) {
  if (isSecretName(variable.name)) {
    return (
      <div className={css.value}>
        <SecretInput
          label="Value"
          stored={variable.id !== null}
          value={variable.value}
          error={error ?? null}
          onChange={onChange}
        />
      </div>
    );
  }
  return (
    <TextInput
      className={css.value}
      label="Value"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={variable.name.trim() === '' ? undefined : help}
      value={variable.value ?? ''}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
