import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { CodeBlock } from '@/ui/code-block';
import { SubscriptionForm } from './subscription-form';
import css from './webhooks.module.css';
import { type NewSubscription, useSubscribe } from './webhooks-api';

interface NewSubscriptionPanelProps {
  account: number;
  onClose: () => void;
}

export function NewSubscriptionPanel({ account, onClose }: NewSubscriptionPanelProps) {
  const subscribe = useSubscribe(account);
  if (subscribe.data !== undefined) return <Made account={account} made={subscribe.data} />;
  return (
    <SubscriptionForm
      account={account}
      submitWord="Create"
      pending={subscribe.isPending}
      error={subscribe.error}
      saved={false}
      onSubmit={(input, onRefused) => subscribe.mutate(input, { onError: onRefused })}
      onCancel={onClose}
    />
  );
}

function Made({ account, made }: { account: number; made: NewSubscription }) {
  return (
    <div className={`${css.stack} ${css.wrapped}`}>
      <div className={css.warning} role="status">
        <IconAlertTriangle size={16} aria-hidden="true" />
        <span>
          Copy the secret now and give it to the receiver. It is shown this once; nobody can read it
          again.
        </span>
      </div>
      <CodeBlock label="secret" code={made.hmac_secret} />
      <p className={css.note}>
        Every message carries the lower-case hexadecimal HMAC-SHA256 of its body, made with this
        secret, in the header <code className="mono">Authorization</code>. A receiver that computes
        the same knows that the message came from here.
      </p>
      <div>
        <Button
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/settings/$account/webhooks/$subscription"
              params={{ account, subscription: made.id }}
              {...props}
            />
          )}
        >
          I have copied it
        </Button>
      </div>
    </div>
  );
}
