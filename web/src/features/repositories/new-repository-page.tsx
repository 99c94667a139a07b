import { Select } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { projectsQuery } from '../projects/projects-api';
import { useDraft } from '../projects/use-draft';
import { useCreateRepository } from './repositories-api';
import { newRepository, problemsOfRepository, type RepositoryDraft } from './repository-draft';
import { RepositoryFields } from './repository-fields';

interface Draft extends RepositoryDraft {
  project: number | null;
}

export function NewRepositoryPage() {
  useDocumentTitle('New repository · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/repositories/new' });
  const search = useSearch({ from: '/signed-in/settings/$account/repositories/new' });
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery(account));
  const create = useCreateRepository(account);
  const form = useDraft<Draft>({ ...newRepository(), project: search.project ?? null });
  const { draft, change, errors, setErrors } = form;
  const chosen = projects.data?.find(({ id }) => id === draft.project);
  const submit = () => {
    const found = problemsOfRepository(draft);
    if (draft.project === null) found['project'] = 'Choose one';
    setErrors(found);
    if (draft.project === null || Object.keys(found).length > 0) return;
    create.mutate(
      { project: draft.project, draft },
      {
        onSuccess: ({ id }) =>
          void navigate({
            to: '/settings/$account/repositories/$repository',
            params: { account, repository: id },
            ignoreBlocker: true,
          }),
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  return (
    <Page kind="text">
      <PageHeader title="New repository" />
      <Form
        label="New repository"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        error={create.error}
        shown={['remote_url', 'name']}
        pending={create.isPending}
        dirty={form.dirty}
        submitWord="Connect"
        onCancel={() =>
          void navigate({ to: '/settings/$account/repositories', params: { account } })
        }
      >
        <FieldGroup title="Repository">
          <Select
            label="Project"
            description={
              chosen?.repository
                ? `It takes the place of ${chosen.repository.full_name}`
                : 'The project that takes its code from here'
            }
            placeholder="Choose one"
            required
            searchable
            data={projects.data?.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
            value={draft.project === null ? null : String(draft.project)}
            error={errors['project']}
            onChange={(id) => change({ project: id === null ? null : Number(id) })}
          />
          <RepositoryFields draft={draft} onChange={change} errors={errors} />
        </FieldGroup>
      </Form>
    </Page>
  );
}
