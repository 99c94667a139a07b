import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Fact, Facts } from '@/ui/facts';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { Problem } from '@/ui/problem';
import { projectQuery } from '../projects/projects-api';
import { useDraft } from '../projects/use-draft';
import { repositoryQuery, useCreateRepository } from '../repositories/repositories-api';
import { newRepository, problemsOfRepository } from '../repositories/repository-draft';
import { RepositoryFields } from '../repositories/repository-fields';
import { WayIn } from '../repositories/way-in';
import css from './set-up.module.css';
import type { StepProps } from './set-up-page';
import { StepSkeleton } from './step-skeleton';

export function RepositoryStep(props: StepProps) {
  const { account, search } = props;
  const project = useQuery(projectQuery(account, search.project ?? 0));
  if (project.isError)
    return (
      <Problem title="The project could not be read" onRetry={() => void project.refetch()}>
        {messageOf(project.error)}
      </Problem>
    );
  if (project.data === undefined) return <StepSkeleton />;
  const id = search.repository ?? project.data.repository_id;
  return (
    <>
      <p className={css.text}>
        Each run takes your models from a git repository, so that what runs is what was reviewed and
        merged.
      </p>
      {id === null ? <NewRepository {...props} /> : <Connected {...props} id={id} />}
    </>
  );
}

function NewRepository({ account, search, go }: StepProps) {
  const form = useDraft({ ...newRepository(), subdirectory: '' });
  const { draft, change, errors, setErrors } = form;
  const create = useCreateRepository(account);
  const project = search.project ?? 0;
  const submit = () => {
    const found = problemsOfRepository(draft);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    create.mutate(
      { project, draft, subdirectory: draft.subdirectory.trim() },
      {
        onSuccess: ({ id }) => go({ repository: id, step: 'repository' }),
        onError: (error) =>
          setErrors(fieldErrors(error, { dbt_project_subdirectory: 'subdirectory' })),
      },
    );
  };
  return (
    <Form
      label="Repository"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={create.error}
      shown={['remote_url', 'name', 'dbt_project_subdirectory']}
      pending={create.isPending}
      dirty={form.dirty}
      submitWord="Connect"
    >
      <FieldGroup title="Repository">
        <RepositoryFields draft={draft} onChange={change} errors={errors} />
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
      </FieldGroup>
    </Form>
  );
}

function Connected({ account, go, id }: StepProps & { id: number }) {
  const repository = useQuery(repositoryQuery(account, id));
  if (repository.isError)
    return (
      <Problem title="The repository could not be read" onRetry={() => void repository.refetch()}>
        {messageOf(repository.error)}
      </Problem>
    );
  if (repository.data === undefined) return <StepSkeleton />;
  return (
    <>
      <Facts>
        <Fact name="Repository">
          <bdi>{repository.data.full_name}</bdi>
        </Fact>
        <Fact name="Git URL">
          <code className="mono">{repository.data.remote_url}</code>
        </Fact>
      </Facts>
      <WayIn repository={repository.data} />
      <div>
        <Button size="sm" onClick={() => go({ repository: id, step: undefined })}>
          Continue
        </Button>
      </div>
    </>
  );
}
