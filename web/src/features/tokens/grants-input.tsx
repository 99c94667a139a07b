import { ActionIcon, Button, MultiSelect, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { permissionSetsQuery, projectNamesQuery } from '../account/names-api';
import { emptyRow, type GrantRow } from './grants';
import css from './tokens.module.css';

interface GrantsInputProps {
  account: number;
  rows: readonly GrantRow[];
  onChange: (rows: GrantRow[]) => void;
  error?: string | undefined;
}

/** Permission sets, each in some projects or in all. */
export function GrantsInput({ account, rows, onChange, error }: GrantsInputProps) {
  const { data: sets } = useQuery(permissionSetsQuery(account));
  const { data: projects } = useQuery(projectNamesQuery(account));
  const setData = Object.entries(sets ?? {}).map(([value, label]) => ({ value, label }));
  const projectData = (projects ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  const change = (place: number, part: Partial<GrantRow>) =>
    onChange(rows.map((row, at) => (at === place ? { ...row, ...part } : row)));
  return (
    <>
      {rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are only told apart by their place.
        <div key={place} className={css.grant}>
          <div className={css.set}>
            <Select
              label="Permission set"
              placeholder="Choose one"
              data={setData}
              searchable
              value={row.set}
              error={row.set === null ? error : undefined}
              onChange={(set) => change(place, { set })}
            />
          </div>
          <div className={css.where}>
            <MultiSelect
              label="Projects"
              placeholder={row.projects.length === 0 ? 'All projects' : ''}
              data={projectData}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': 'All projects' }}
              value={row.projects}
              onChange={(chosen) => change(place, { projects: chosen })}
            />
          </div>
          <ActionIcon
            size={34}
            aria-label="Remove this permission"
            disabled={rows.length === 1}
            onClick={() => onChange(rows.filter((_, at) => at !== place))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...rows, emptyRow])}
        >
          Add a permission
        </Button>
      </div>
    </>
  );
}
