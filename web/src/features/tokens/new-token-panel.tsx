import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { CodeBlock } from '@/ui/code-block';
import { TokenForm } from './token-form';
import css from './tokens.module.css';
import { useCreateToken } from './tokens-api';

export function NewTokenPanel({ account, onClose }: { account: number; onClose: () => void }) {
  const create = useCreateToken(account);
  if (create.data !== undefined) {
    return (
      <div className={`${css.stack} ${css.wrapped}`}>
        <div className={css.warning} role="status">
          <IconAlertTriangle size={16} aria-hidden="true" />
          <span>
            Copy the token now and keep it safe. It is shown this once; nobody can read it again.
          </span>
        </div>
        <CodeBlock label="token" code={create.data.token_string} />
        <div>
          <Button size="sm" onClick={onClose}>
            I have copied it
          </Button>
        </div>
      </div>
    );
  }
  return (
    <TokenForm
      account={account}
      submitWord="Create"
      pending={create.isPending}
      error={create.error}
      saved={false}
      onSubmit={(input, onRefused) => create.mutate(input, { onError: onRefused })}
      onCancel={onClose}
    />
  );
}
