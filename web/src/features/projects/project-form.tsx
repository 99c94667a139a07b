import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { connectionsQuery } from '../connections/connections-api';
import { repositoriesQuery } from '../repositories/repositories-api';
import { refuseIfChanged, useAct } from './act';
import { ConflictNote, SavedNote } from './draft-notes';
import { changeProject, createProject, type Project, type ProjectBody } from './projects-api';
import { useDraft } from './use-draft';

interface Draft {
  name: string;
  description: string;
  subdirectory: string;
  repository_id: number | null;
  connection_id: number | null;
}

function startOf(project: Project | undefined): Draft {
  return {
    name: project?.name ?? '',
    description: project?.description ?? '',
    subdirectory: project?.dbt_project_subdirectory ?? '',
    repository_id: project?.repository_id ?? null,
    connection_id: project?.connection_id ?? null,
  };
}

function bodyOf(draft: Draft): ProjectBody {
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    dbt_project_subdirectory: draft.subdirectory.trim() || null,
    repository_id: draft.repository_id,
    connection_id: draft.connection_id,
  };
}

interface ProjectFormProps {
  account: number;
  /** Undefined for a new one. */
  project?: Project;
  onSaved?: (project: Project) => void;
  onCancel?: () => void;
}

export function ProjectForm({ account, project, onSaved, onCancel }: ProjectFormProps) {
  const form = useDraft(startOf(project), project?.updated_at);
  const { draft, change, errors, setErrors } = form;
  const save = useAct(
    account,
    ['projects', 'environments', 'repositories'],
    async (body: ProjectBody) => {
      if (project === undefined) return createProject(account, body);
      await refuseIfChanged(`/accounts/${account}/projects/${project.id}/`, form.expected);
      return changeProject(account, project.id, body);
    },
  );
  const submit = () => {
    const found: Record<string, string> =
      draft.name.trim() === '' ? { name: 'Give it a name' } : {};
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    save.mutate(bodyOf(draft), {
      onSuccess: (saved) => {
        form.keep(startOf(saved), saved.updated_at);
        onSaved?.(saved);
      },
      onError: (error) =>
        setErrors(fieldErrors(error, { dbt_project_subdirectory: 'subdirectory' })),
    });
  };
  return (
    <Form
      label="Project"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={save.error}
      shown={['name', 'description', 'dbt_project_subdirectory', 'repository_id', 'connection_id']}
      pending={save.isPending}
      dirty={form.dirty}
      beside={<SavedNote form={form} />}
      submitWord={project ? 'Save' : 'Create project'}
      {...(onCancel ? { onCancel } : {})}
    >
      <ConflictNote form={form} />
      <FieldGroup title="Project">
        <TextInput
          label="Name"
          placeholder="Shop"
          required
          value={draft.name}
          error={errors['name']}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          description="For your colleagues: what it is about and whom to ask"
          autosize
          minRows={2}
          value={draft.description}
          error={errors['description']}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <TextInput
          label="Folder of the dbt project"
          description={
            <>
              Only if <code>dbt_project.yml</code> is not at the top of the repository
            </>
          }
          placeholder="dbt/shop"
          spellCheck={false}
          value={draft.subdirectory}
          error={errors['subdirectory']}
          onChange={(event) => change({ subdirectory: event.currentTarget.value })}
        />
        {project && (
          <Ties account={account} project={project} draft={draft} change={change} errors={errors} />
        )}
      </FieldGroup>
    </Form>
  );
}

interface TiesProps {
  account: number;
  project: Project;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: Readonly<Record<string, string>>;
}

/** Repository and connection, of those that are there. */
function Ties({ account, project, draft, change, errors }: TiesProps) {
  const repositories = useQuery(repositoriesQuery(account));
  const connections = useQuery(connectionsQuery(account));
  const own = repositories.data?.filter(({ project_id }) => project_id === project.id) ?? [];
  return (
    <>
      <Select
        label="Repository"
        description="Of the repositories that were connected for this project"
        placeholder={own.length === 0 ? 'There is none yet' : 'Choose one'}
        clearable
        data={own.map(({ id, full_name }) => ({ value: String(id), label: full_name }))}
        value={draft.repository_id === null ? null : String(draft.repository_id)}
        error={errors['repository_id']}
        onChange={(id) => change({ repository_id: id === null ? null : Number(id) })}
      />
      <Select
        label="Connection"
        description="The project's own, for clients of the API; environments choose theirs"
        placeholder="None"
        clearable
        searchable
        data={connections.data?.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
        value={draft.connection_id === null ? null : String(draft.connection_id)}
        error={errors['connection_id']}
        onChange={(id) => change({ connection_id: id === null ? null : Number(id) })}
      />
    </>
  );
}
