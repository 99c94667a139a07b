import { Checkbox, Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { nameOfPerson, peopleQuery } from '@/features/account/names-api';
import { mailQuery } from '@/features/mail/mail-api';
import {
  type NotificationRule,
  rulesQuery,
  useSaveRule,
} from '@/features/notifications/notifications-api';
import { outcomes } from '@/features/notifications/rule-facts';
import { sessionQuery } from '@/features/session/session-api';
import { Section } from '@/ui/page';
import css from './job-page.module.css';
import { changed, ownRule, rulesOf, tellsOf } from './tell-me';
import { ToldChannels } from './told-channels';

interface ToldProps {
  account: number;
  job: number;
}

/** Who hears of this job's runs, and whether one does oneself. */
export function Told({ account, job }: ToldProps) {
  const rules = useQuery(rulesQuery(account));
  const user = useQuery(sessionQuery).data?.user.id;
  return (
    <Section
      title="Notifications"
      actions={
        <Link to="/settings/$account/notifications" params={{ account }} className={css.link}>
          All rules
        </Link>
      }
    >
      {rules.error ? (
        <p className={css.note}>Who is told could not be read: {messageOf(rules.error)}</p>
      ) : rules.data === undefined || user === undefined ? (
        <Skeleton height={64} />
      ) : (
        <>
          <TellMe
            account={account}
            job={job}
            user={user}
            rules={rules.data}
            reading={rules.isFetching}
          />
          <ToldChannels
            account={account}
            job={job}
            user={user}
            rules={rules.data}
            reading={rules.isFetching}
          />
          <Others account={account} rules={rulesOf(rules.data, job)} user={user} />
        </>
      )}
    </Section>
  );
}

interface TellMeProps extends ToldProps {
  user: number;
  rules: readonly NotificationRule[];
  /** What was saved just now is not among the rules yet: another change would make a second one. */
  reading: boolean;
}

function TellMe({ account, job, user, rules, reading }: TellMeProps) {
  const own = ownRule(rules, user);
  const save = useSaveRule(account, own?.id);
  const mail = useQuery(mailQuery(account)).data;
  // At once as one wishes, until the rules say so themselves.
  const shown = save.isPending || (reading && save.isSuccess) ? save.variables : own;
  const isSent = mail === undefined || (mail.configured && mail.enabled);
  return (
    <fieldset className={css.tellMe} disabled={save.isPending || reading}>
      <legend>E-mail me when it</legend>
      <Group gap="md">
        {outcomes.map(({ key, word }) => (
          <Checkbox
            key={key}
            label={word}
            checked={tellsOf(shown, key, job)}
            onChange={(event) =>
              save.mutate(changed(own, { user, job, end: key, on: event.currentTarget.checked }))
            }
          />
        ))}
      </Group>
      {save.error && <p role="alert">{messageOf(save.error)}</p>}
      {!isSent && (
        <p className={css.note}>
          This is kept, but no e-mail is sent:{' '}
          {mail?.configured ? 'the account has it switched off' : 'there is no mail server yet'}.
        </p>
      )}
    </fieldset>
  );
}

interface OthersProps {
  account: number;
  rules: readonly NotificationRule[];
  user: number;
}

function Others({ account, rules, user }: OthersProps) {
  const people = useQuery(peopleQuery(account)).data;
  const nameOf = (id: number) => {
    const person = people?.find((each) => each.id === id);
    return person === undefined ? `user ${id}` : nameOfPerson(person);
  };
  // Channels have boxes of their own.
  const names = rules
    .filter((rule) => rule.type === 4 || (rule.type === 1 && rule.user_id !== user))
    .map((rule) => rule.external_email ?? nameOf(rule.user_id));
  if (names.length === 0) return null;
  return (
    <p className={css.note}>
      Also told: <bdi>{[...new Set(names)].join(', ')}</bdi>
    </p>
  );
}
