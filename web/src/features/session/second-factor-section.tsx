import { Button, PasswordInput, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { CodeBlock } from '@/ui/code-block';
import { ErrorSummary } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { QrCode } from '@/ui/qr-code';
import css from './second-factor-section.module.css';
import {
  type NewSecondFactor,
  secondFactorQuery,
  useBeginSecondFactor,
  useConfirmSecondFactor,
  useRemoveSecondFactor,
} from './session-api';

/** A code of an authenticator app at sign-in, by one's own choice; a part of the profile. */
export function SecondFactorSection() {
  const state = useQuery(secondFactorQuery);
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Section
      title="Second factor"
      help="A code of an authenticator app, besides the password, so that a password alone lets nobody in."
    >
      {state.isError ? (
        <Problem title="The second factor could not be read" onRetry={() => void state.refetch()}>
          {messageOf(state.error)}
        </Problem>
      ) : state.data === undefined ? (
        <Skeleton height={30} width={180} />
      ) : codes !== null ? (
        <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
      ) : state.data.enabled ? (
        <Enabled left={state.data.recovery_codes_left} />
      ) : (
        <Setup onCodes={setCodes} />
      )}
    </Section>
  );
}

function Setup({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const begin = useBeginSecondFactor();
  const [password, setPassword] = useState('');
  if (begin.data !== undefined) return <Confirm made={begin.data} onCodes={onCodes} />;
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        begin.mutate(password);
      }}
    >
      <ErrorSummary error={begin.error} shown={[]} />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={begin.isPending} disabled={password === ''}>
          Set it up
        </Button>
      </div>
    </form>
  );
}

interface ConfirmProps {
  made: NewSecondFactor;
  onCodes: (codes: string[]) => void;
}

function Confirm({ made, onCodes }: ConfirmProps) {
  const confirm = useConfirmSecondFactor();
  const [code, setCode] = useState('');
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(code, { onSuccess: ({ recovery_codes }) => onCodes(recovery_codes) });
      }}
    >
      <p className={css.text}>Scan this with an authenticator app, or type the key into it:</p>
      <QrCode text={made.uri} label="For your authenticator app" />
      <CodeBlock label="key" code={made.secret} />
      <ErrorSummary error={confirm.error} shown={[]} />
      <TextInput
        label="The code that the app shows"
        autoComplete="one-time-code"
        inputMode="numeric"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={confirm.isPending} disabled={code === ''}>
          Turn it on
        </Button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <div className={css.form}>
      <p className={css.text} role="status">
        The second factor is on. Keep these recovery codes where you find them without the app. Each
        lets you in once; they are not shown again.
      </p>
      <CodeBlock label="recovery codes" code={codes.join('\n')} />
      <div>
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  );
}

function Enabled({ left }: { left: number }) {
  const remove = useRemoveSecondFactor();
  const [fields, setFields] = useState({ password: '', code: '' });
  const [asking, setAsking] = useState(false);
  return (
    <div className={css.form}>
      <p className={css.text}>
        It is on. {left} recovery {left === 1 ? 'code is' : 'codes are'} left.
        {left < 3 && ' Turn it off and on again for new ones.'}
      </p>
      {asking ? (
        <form
          className={css.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            remove.mutate(fields);
          }}
        >
          <ErrorSummary error={remove.error} shown={[]} />
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={fields.password}
            onChange={(event) => setFields({ ...fields, password: event.currentTarget.value })}
          />
          <TextInput
            label="A code of the app, or a recovery code"
            autoComplete="one-time-code"
            value={fields.code}
            onChange={(event) => setFields({ ...fields, code: event.currentTarget.value })}
          />
          <div>
            <Button type="submit" color="red" loading={remove.isPending}>
              Turn it off
            </Button>
          </div>
        </form>
      ) : (
        <div>
          <Button variant="default" onClick={() => setAsking(true)}>
            Turn it off…
          </Button>
        </div>
      )}
    </div>
  );
}
