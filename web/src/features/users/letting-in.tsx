import { Button } from '@mantine/core';
import { ApiError, messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { ErrorSummary } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { ShownOnce } from '@/ui/shown-once';
import css from './letting-in.module.css';
import { nameOf } from './member';
import { type Member, useMakeResetLink, useRemoveSecondFactorOf } from './users-api';

/** Who has one is not said by the API: only asking for it to go tells. */
function refusalOf(error: unknown): string {
  if (error instanceof ApiError && error.kind === 'not_found') return 'There is none to take away.';
  return messageOf(error);
}

/** For whoever has lost their password or their authenticator app. */
export function LettingIn({ account, member }: { account: number; member: Member }) {
  const reset = useMakeResetLink(account, member.id);
  const remove = useRemoveSecondFactorOf(account, member.id);
  return (
    <Section
      title="Signing in"
      help="For somebody who has lost their password, or the app that gives them codes."
    >
      <div className={css.root}>
        {reset.error && <ErrorSummary error={reset.error} shown={[]} />}
        <div className={css.actions}>
          <Button variant="default" loading={reset.isPending} onClick={() => reset.mutate()}>
            Make a link for a new password
          </Button>
          <ConfirmButton
            word="Take the second factor away"
            question={`Take away the second factor of ${nameOf(member)}?`}
            pending={remove.isPending}
            error={remove.error ? refusalOf(remove.error) : null}
            onConfirm={(close) => remove.mutate(undefined, { onSuccess: close })}
          >
            Their password alone lets them in until they set up another. Be sure that it is they who
            ask.
          </ConfirmButton>
          {remove.isSuccess && <span role="status">The second factor is gone.</span>}
        </div>
        {reset.data && (
          <ShownOnce what="link" text={reset.data.link}>
            It is not sent by e-mail: pass this link on to {nameOf(member)}. It is good once and for
            a day, and shown only now. A newer one ends it.
          </ShownOnce>
        )}
      </div>
    </Section>
  );
}
