import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { admittedQuery, useSwitchIpRules } from './ip-rules-api';
import css from './rule-switch.module.css';

interface RuleSwitchProps {
  account: number;
  enabled: boolean;
}

/** Whether the rules count, and whether one would lock oneself out by them. */
export function RuleSwitch({ account, enabled }: RuleSwitchProps) {
  const turn = useSwitchIpRules(account);
  const admitted = useQuery(admittedQuery(account, null)).data;
  const lockedOut = !enabled && admitted === false;
  return (
    <div className={css.root} data-on={enabled || undefined}>
      {enabled ? (
        <IconShieldCheck size={20} className={css.icon} aria-hidden="true" />
      ) : (
        <IconShieldOff size={20} className={css.icon} aria-hidden="true" />
      )}
      <div className={css.words}>
        <strong>{enabled ? 'The rules are on' : 'The rules are off'}</strong>
        <span>
          {enabled
            ? 'Pages, the API and tokens of this account work from admitted addresses only.'
            : 'This account can be used from everywhere until they are switched on.'}
        </span>
        {lockedOut && (
          <span className={css.warning} role="alert">
            <IconAlertTriangle size={16} className={css.sign} aria-hidden="true" />
            They would keep out the address that you come from. Allow it by a rule before you switch
            them on.
          </span>
        )}
        {turn.error && (
          <span className={css.refused} role="alert">
            {messageOf(turn.error)}
          </span>
        )}
      </div>
      <Button
        variant={enabled ? 'default' : 'filled'}
        loading={turn.isPending}
        disabled={lockedOut || (!enabled && admitted === undefined)}
        onClick={() => turn.mutate(!enabled)}
      >
        {enabled ? 'Switch off' : 'Switch on'}
      </Button>
    </div>
  );
}
