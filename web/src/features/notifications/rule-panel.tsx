import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import css from './notifications.module.css';
import { type NotificationRule, useDeleteRule, useSaveRule } from './notifications-api';
import { RuleForm } from './rule-form';

interface RulePanelProps {
  account: number;
  rule?: NotificationRule;
  onClose: () => void;
}

export function RulePanel({ account, rule, onClose }: RulePanelProps) {
  const save = useSaveRule(account, rule?.id);
  const remove = useDeleteRule(account);
  return (
    <div className={css.stack}>
      <RuleForm
        account={account}
        pending={save.isPending}
        error={save.error}
        saved={save.isSuccess}
        onSubmit={(input, onRefused) =>
          save.mutate(input, { onSuccess: onClose, onError: onRefused })
        }
        onCancel={onClose}
        {...(rule && { rule })}
      />
      {rule !== undefined && (
        <div className={css.danger}>
          <ConfirmButton
            word="Delete"
            question="Delete this rule?"
            pending={remove.isPending}
            error={remove.error && messageOf(remove.error)}
            onConfirm={(close) =>
              remove.mutate(rule.id, {
                onSuccess: () => {
                  close();
                  onClose();
                },
              })
            }
          >
            Nobody is told by it any more.
          </ConfirmButton>
        </div>
      )}
    </div>
  );
}
