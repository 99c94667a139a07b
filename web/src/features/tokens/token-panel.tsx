import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { TimeAgo } from '@/ui/time-ago';
import { TokenForm } from './token-form';
import css from './tokens.module.css';
import { type ServiceToken, useChangeToken, useRevokeToken } from './tokens-api';

interface TokenPanelProps {
  account: number;
  token: ServiceToken;
  onClose: () => void;
}

export function TokenPanel({ account, token, onClose }: TokenPanelProps) {
  const change = useChangeToken(account, token.id);
  const revoke = useRevokeToken(account);
  return (
    <div className={css.stack}>
      <Facts>
        <Fact name="Id in the audit log">
          <CopyText text={String(token.id)} what="token id">
            <span className="mono">{token.id}</span>
          </CopyText>
        </Fact>
        <Fact name="Created">
          <TimeAgo at={token.created_at} />
        </Fact>
        <Fact name="Last used">
          <TimeAgo at={token.last_used} absent="never" />
        </Fact>
        <Fact name="Expires">
          <TimeAgo at={token.expires_at} absent="never" />
        </Fact>
      </Facts>
      <TokenForm
        account={account}
        token={token}
        submitWord="Save"
        pending={change.isPending}
        error={change.error}
        saved={change.isSuccess}
        onSubmit={(input, onRefused) =>
          change.mutate(input, { onSuccess: onClose, onError: onRefused })
        }
        onCancel={onClose}
      />
      <div className={css.danger}>
        <ConfirmButton
          word="Revoke"
          question={`Revoke ${token.name}?`}
          pending={revoke.isPending}
          error={revoke.error && messageOf(revoke.error)}
          onConfirm={(close) =>
            revoke.mutate(token.id, {
              onSuccess: () => {
                close();
                onClose();
              },
            })
          }
        >
          Clients that use this token are refused from now on. It cannot be brought back.
        </ConfirmButton>
      </div>
    </div>
  );
}
