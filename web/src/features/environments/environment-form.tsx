import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { refuseIfChanged, useAct } from '../projects/act';
import { ConflictNote, SavedNote } from '../projects/draft-notes';
import { useDraft } from '../projects/use-draft';
import {
  attributesOf,
  draftOfEnvironment,
  type EnvironmentDraft,
  environmentBody,
  problemsOfEnvironment,
} from './environment-draft';
import { EnvironmentFields } from './environment-fields';
import { type Environment, saveAttributes, saveEnvironment } from './environments-api';

interface EnvironmentFormProps {
  account: number;
  environment: Environment;
  attributes: Record<string, unknown> | undefined;
  withoutConnection?: boolean;
  submitWord?: string;
  onSaved?: () => void;
}

/** Of what is stored, which is in two places. */
function versionOf(environment: Environment, attributes: Record<string, unknown> | undefined) {
  return `${environment.updated_at} ${JSON.stringify(attributes ?? null)}`;
}

/** Changes an environment that is there. */
export function EnvironmentForm(props: EnvironmentFormProps) {
  const { account, environment, attributes, onSaved } = props;
  const { id, project_id: project } = environment;
  const form = useDraft(
    draftOfEnvironment(environment, attributes),
    versionOf(environment, attributes),
  );
  const save = useAct(
    account,
    ['environments', 'connections', 'variables'],
    async (draft: EnvironmentDraft) => {
      await refuseIfChanged(`/accounts/${account}/environments/${id}/`, form.expected);
      const extended_attributes_id = await saveAttributes(
        account,
        project,
        environment.extended_attributes_id,
        attributesOf(draft.attributes) ?? null,
      );
      const body = { ...environmentBody(draft), extended_attributes_id };
      return saveEnvironment(account, project, id, body);
    },
  );
  const submit = () => {
    const found = problemsOfEnvironment(form.draft);
    form.setErrors(found);
    if (Object.keys(found).length > 0) return;
    save.mutate(form.draft, {
      onSuccess: (saved) => {
        const typed = attributesOf(form.draft.attributes) ?? undefined;
        form.keep(form.draft, versionOf(saved, typed));
        onSaved?.();
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    });
  };
  return (
    <Form
      label="Environment"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={save.error}
      shown={environmentFieldNames}
      pending={save.isPending}
      dirty={form.dirty}
      beside={<SavedNote form={form} />}
      submitWord={props.submitWord ?? 'Save'}
    >
      <ConflictNote form={form} />
      <FieldGroup title="Environment">
        <EnvironmentFields
          account={account}
          draft={form.draft}
          onChange={form.change}
          errors={form.errors}
          isStored
          withoutConnection={props.withoutConnection ?? false}
        />
      </FieldGroup>
    </Form>
  );
}

/** The wire's names of what has an input. */
export const environmentFieldNames = [
  'name',
  'type',
  'deployment_type',
  'dbt_version',
  'connection_id',
  'custom_branch',
  'extended_attributes',
];
