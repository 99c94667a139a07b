import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { FieldGroup } from '@/ui/form/form';
import { GrantEditor } from './grant-editor';
import type { GrantRow } from './grant-rows';
import css from './grants-editor.module.css';
import { projectNamesQuery, setNamesQuery } from './groups-api';

interface GrantsEditorProps {
  account: number;
  rows: readonly GrantRow[];
  onChange: (rows: GrantRow[]) => void;
  /** Of rows, by their key. */
  problems: Record<string, string>;
}

/** Permission set × projects × categories of environments. */
export function GrantsEditor({ account, rows, onChange, problems }: GrantsEditorProps) {
  const sets = useQuery(setNamesQuery(account)).data ?? [];
  const projects = useQuery(projectNamesQuery(account)).data ?? [];
  const made = useRef(0);
  const add = () => {
    made.current += 1;
    const key = `new ${made.current}`;
    onChange([...rows, { key, set: '', allProjects: true, projects: [], categories: [] }]);
  };
  return (
    <FieldGroup
      title="Permissions"
      help="Members may do what all of these give together, in the limits of their licence."
    >
      {rows.length > 0 && (
        <div className={css.head} aria-hidden="true">
          <span>Permission set</span>
          <span>Projects</span>
          <span>Changes jobs and runs in</span>
        </div>
      )}
      {rows.length === 0 && <p className={css.none}>This group gives nothing yet.</p>}
      {rows.map((row, place) => (
        <GrantEditor
          key={row.key}
          row={row}
          place={place + 1}
          sets={sets}
          projects={projects}
          problem={problems[row.key] ?? null}
          onChange={(changed) => onChange(rows.map((each) => (each === row ? changed : each)))}
          onRemove={() => onChange(rows.filter((each) => each !== row))}
        />
      ))}
      <div>
        <Button variant="default" onClick={add}>
          Add a permission set
        </Button>
      </div>
    </FieldGroup>
  );
}
