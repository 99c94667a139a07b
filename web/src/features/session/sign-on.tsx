import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SignInSearch } from './next';
import { sessionQuery } from './session-api';
import css from './sign-in-page.module.css';
import { signOnLinks, signOnQuery, signOnSentence } from './sign-on-choices';

/** Below all else of the page, so that nothing moves when the answer comes. */
export function SignOnChoices({ next }: { next: string | undefined }) {
  const { data = [] } = useQuery(signOnQuery);
  if (data.length === 0) return null;
  return (
    <>
      <p className={css.or}>or</p>
      <ul className={css.choices} aria-label="Single sign-on">
        {signOnLinks(data, next).map(({ slug, label, href }) => (
          <li key={slug}>
            <Button
              component="a"
              href={href}
              variant="default"
              size="sm"
              fullWidth
              classNames={{ root: css.choice ?? '', label: css.choiceLabel ?? '' }}
            >
              <bdi>{label}</bdi>
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why an identity provider led back here. */
export function SignOnOutcome({ search }: { search: SignInSearch }) {
  const session = useQuery({ ...sessionQuery, enabled: false }).data ?? null;
  const sentence = signOnSentence(search.sign_on);
  if (sentence === null) return null;
  return (
    <div className={css.error} role="alert">
      <IconAlertCircle size={16} aria-hidden="true" />
      <div>
        <p className={css.said}>{sentence}</p>
        {search.provider !== undefined && (
          <p className={css.said}>
            Identity provider: <bdi>{search.provider}</bdi>
          </p>
        )}
        {session !== null && (
          <p className={css.said}>
            You are still signed in as <bdi>{session.user.email}</bdi>.{' '}
            <Link to="/">Back to Millwright</Link>
          </p>
        )}
      </div>
    </div>
  );
}
