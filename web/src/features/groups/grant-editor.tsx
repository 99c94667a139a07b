import { ActionIcon, MultiSelect, Select, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { GrantRow } from './grant-rows';
import css from './grants-editor.module.css';
import type { ProjectName, SetName } from './groups-api';
import { permissionSet } from './permission-sets';

const categories = [
  { value: 'development', label: 'Development' },
  { value: 'staging', label: 'Staging' },
  { value: 'production', label: 'Production' },
  { value: 'other', label: 'Other' },
];

interface GrantEditorProps {
  row: GrantRow;
  place: number;
  sets: readonly SetName[];
  projects: readonly ProjectName[];
  problem: string | null;
  onChange: (row: GrantRow) => void;
  onRemove: () => void;
}

/** One permission set, where it counts, and in which environments. */
export function GrantEditor(props: GrantEditorProps) {
  const { row, place, sets, projects, problem, onChange, onRemove } = props;
  const set = permissionSet(row.set);
  const label = sets.find(({ value }) => value === row.set)?.label ?? `permission set ${place}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be drawn as one.
    <div className={css.row} role="group" aria-label={label}>
      <Select
        aria-label={`Permission set ${place}`}
        placeholder="Choose one"
        data={sets}
        value={row.set || null}
        onChange={(value) => onChange({ ...row, set: value ?? '' })}
        allowDeselect={false}
        searchable
        nothingFoundMessage="No such set"
        error={row.set === '' ? problem : null}
      />
      {set?.ofAccount ? (
        <div className={css.fixed}>All projects</div>
      ) : (
        <ProjectsInput
          row={row}
          label={label}
          projects={projects}
          error={row.set === '' ? null : problem}
          onChange={onChange}
        />
      )}
      {set?.byEnvironment ? (
        <MultiSelect
          aria-label={`Environments of ${label}`}
          placeholder={row.categories.length === 0 ? 'All environments' : ''}
          data={categories}
          value={row.categories}
          onChange={(chosen) => onChange({ ...row, categories: chosen })}
          clearable={false}
        />
      ) : (
        <div className={css.fixed}>{row.set === '' ? '' : 'Not limited'}</div>
      )}
      <Tooltip label="Take it away">
        <ActionIcon aria-label={`Remove ${label}`} onClick={onRemove} className={css.remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

interface ProjectsInputProps {
  row: GrantRow;
  label: string;
  projects: readonly ProjectName[];
  error: string | null;
  onChange: (row: GrantRow) => void;
}

function ProjectsInput({ row, label, projects, error, onChange }: ProjectsInputProps) {
  return (
    <div className={css.projects}>
      <Select
        aria-label={`Where ${label} counts`}
        data={[
          { value: 'all', label: 'All projects' },
          { value: 'chosen', label: 'Chosen projects' },
        ]}
        value={row.allProjects ? 'all' : 'chosen'}
        onChange={(value) => onChange({ ...row, allProjects: value === 'all' })}
        allowDeselect={false}
      />
      {!row.allProjects && (
        <MultiSelect
          aria-label={`Projects of ${label}`}
          placeholder={row.projects.length === 0 ? 'Choose projects' : ''}
          data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={row.projects.map(String)}
          onChange={(ids) => onChange({ ...row, projects: ids.map(Number) })}
          searchable
          hidePickedOptions
          nothingFoundMessage="No such project"
          error={error}
        />
      )}
    </div>
  );
}
