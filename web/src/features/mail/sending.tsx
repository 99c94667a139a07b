import { Button, Switch } from '@mantine/core';
import { messageOf } from '@/api/errors';
import { Fact, Facts } from '@/ui/facts';
import { Section } from '@/ui/page';
import css from './mail.module.css';
import { type Mail, useSwitchMail, useTestMail } from './mail-api';

/** The account's own switch, beside what the operator has set, and a way to see whether it works. */
export function Sending({ account, mail }: { account: number; mail: Mail }) {
  const change = useSwitchMail(account);
  // What was pressed is shown while it is being saved.
  const enabled = change.isPending ? change.variables : mail.enabled;
  return (
    <Section title="Sending" help="The mail server and the sender are the same for every account.">
      <div className={css.card}>
        <div className={css.facts}>
          <Facts>
            <Fact name="Mail server">{mail.server}</Fact>
            <Fact name="Sender">{mail.from}</Fact>
          </Facts>
        </div>
        <Switch
          label="Send e-mail for this account"
          description="When a run ends, to whoever a notification rule names; invitations; and links for a new password."
          checked={enabled}
          onChange={({ currentTarget: { checked } }) => change.mutate(checked)}
        />
        {change.error && (
          <p role="alert" className={css.wrong}>
            {messageOf(change.error)}
          </p>
        )}
        <Test account={account} />
      </div>
    </Section>
  );
}

function Test({ account }: { account: number }) {
  const test = useTestMail(account);
  return (
    <div className={css.test}>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        Send a test e-mail to me
      </Button>
      {test.data && (
        <span role="status">
          The mail server took it for <bdi>{test.data.recipient}</bdi>. If it does not arrive, look
          among the spam.
        </span>
      )}
      {test.error && (
        <p role="alert" className={css.wrong}>
          The test was not sent. {messageOf(test.error)}
        </p>
      )}
    </div>
  );
}
