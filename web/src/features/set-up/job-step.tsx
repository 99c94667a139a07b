import { Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '@/ui/facts';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { environmentJobsQuery } from '../environments/environments-api';
import { useDraft } from '../projects/use-draft';
import { Continue } from './continue';
import css from './set-up.module.css';
import { useCreateSmallJob } from './set-up-api';
import type { StepProps } from './set-up-page';

export function JobStep(props: StepProps) {
  return (
    <>
      <p className={css.text}>
        A job is a list of dbt commands that run in an environment, by hand or on a schedule. This
        one runs by hand; its schedule can be set later on the job's page.
      </p>
      {props.search.job === undefined ? <NewJob {...props} /> : <Made {...props} />}
    </>
  );
}

function Made({ account, search, go }: StepProps) {
  const jobs = useQuery(environmentJobsQuery(account, search.environment ?? 0));
  const job = jobs.data?.find(({ id }) => id === search.job);
  return (
    <>
      {job && (
        <Facts>
          <Fact name="Job">
            <bdi>{job.name}</bdi>
          </Fact>
          <Fact name="Commands">
            <code className="mono">{job.execute_steps.join(' · ')}</code>
          </Fact>
        </Facts>
      )}
      <Continue onClick={() => go({ step: undefined })} />
    </>
  );
}

function NewJob({ account, search, go }: StepProps) {
  const form = useDraft({ name: 'Build everything', commands: 'dbt build' });
  const { draft, change, errors, setErrors } = form;
  const create = useCreateSmallJob(account);
  const submit = () => {
    const commands = draft.commands
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const found: Record<string, string> = {};
    if (draft.name.trim() === '') found['name'] = 'Give it a name';
    if (commands.length === 0) found['commands'] = 'Enter at least one command';
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const { project = 0, environment = 0 } = search;
    create.mutate(
      { project, environment, name: draft.name.trim(), commands },
      {
        onSuccess: ({ id }) => go({ job: id, step: undefined }),
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  return (
    <Form
      label="Job"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={create.error}
      shown={['name']}
      pending={create.isPending}
      dirty={form.dirty}
      submitWord="Make the job"
    >
      <FieldGroup title="Job">
        <TextInput
          label="Name"
          required
          value={draft.name}
          error={errors['name']}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Commands"
          description={
            <>
              One a line. <code>dbt build</code> loads seeds, builds models and tests them.
            </>
          }
          required
          autosize
          minRows={2}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={draft.commands}
          error={errors['commands']}
          onChange={(event) => change({ commands: event.currentTarget.value })}
        />
      </FieldGroup>
    </Form>
  );
}
