import { Radio, Stack, TextInput } from '@mantine/core';
import type { RepositoryDraft, RepositoryKind } from './repository-draft';

interface RepositoryFieldsProps {
  draft: RepositoryDraft;
  onChange: (part: Partial<RepositoryDraft>) => void;
  errors: Readonly<Record<string, string>>;
}

const kinds: { value: RepositoryKind; label: string; description: string }[] = [
  {
    value: 'deploy_key',
    label: 'Git over SSH, with a deploy key',
    description:
      'For any private repository. Millwright makes a key; you give its public half to your git host.',
  },
  {
    value: 'https',
    label: 'Git over HTTPS',
    description:
      'For a repository that anybody may read, or that a token or the GitHub App opens: set up on its page afterwards.',
  },
  {
    value: 'managed',
    label: 'Kept by Millwright',
    description: 'For who has no git server yet: an empty repository on this appliance.',
  },
];

/** Where a project's code is. */
export function RepositoryFields({ draft, onChange, errors }: RepositoryFieldsProps) {
  return (
    <>
      <Radio.Group
        label="Where the code is"
        value={draft.kind}
        onChange={(kind) => onChange({ kind: kind as RepositoryKind })}
      >
        <Stack gap="xs" mt={8}>
          {kinds.map((kind) => (
            <Radio key={kind.value} {...kind} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.kind === 'managed' ? (
        <TextInput
          label="Name of the repository"
          placeholder="shop"
          required
          value={draft.name}
          error={errors['name']}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          label="Git URL"
          placeholder={
            draft.kind === 'deploy_key'
              ? 'git@github.com:team/project.git'
              : 'https://git.example.com/team/project.git'
          }
          required
          autoComplete="off"
          spellCheck={false}
          value={draft.remote_url}
          error={errors['remote_url']}
          onChange={(event) => onChange({ remote_url: event.currentTarget.value })}
        />
      )}
    </>
  );
}
