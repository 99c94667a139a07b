import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Fact, Facts } from '@/ui/facts';
import { TimeAgo } from '@/ui/time-ago';
import { useCoarseNow } from '@/ui/use-now';
import { CopyLine } from './copy-line';
import { certificateWarning, tryHref } from './provider-facts';
import type { AuthProvider } from './sso-api';
import css from './sso-page.module.css';

interface ProviderStandingProps {
  account: number;
  provider: AuthProvider;
  /** It has just been added. */
  fresh: boolean;
}

/** Where people sign in by it, and how that goes. */
export function ProviderStanding({ account, provider, fresh }: ProviderStandingProps) {
  return (
    <div className={css.standing}>
      {fresh && <Added />}
      <CertificateWarning provider={provider} />
      <Facts>
        <Fact name="Sign-in address">
          <CopyLine text={provider.login_url} />
        </Fact>
        <Fact name="Last used">
          <TimeAgo at={provider.last_used_at} absent="nobody has signed in by it yet" />
        </Fact>
        {provider.cert_expiry_date && (
          <Fact name="Certificate ends">
            <TimeAgo at={provider.cert_expiry_date} />
          </Fact>
        )}
      </Facts>
      <div>
        <Button component="a" href={tryHref(provider, account)} variant="default">
          Try it
        </Button>
      </div>
    </div>
  );
}

function Added() {
  const words = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone.
  useEffect(() => words.current?.focus(), []);
  return (
    <p ref={words} className={css.added} tabIndex={-1}>
      The provider is added. Enter the values below at the provider, then try it: you are signed in
      as whoever you are there.
    </p>
  );
}

interface CertificateWarningProps {
  provider: AuthProvider;
  /** Of which provider it is, where several are listed. */
  named?: string;
}

export function CertificateWarning({ provider, named }: CertificateWarningProps) {
  const warning = certificateWarning(provider, useCoarseNow(60_000));
  if (warning === null) return null;
  return (
    <p className={css.warning}>
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span>
        {named !== undefined && (
          <>
            <bdi>{named}</bdi>:{' '}
          </>
        )}
        {warning}
      </span>
    </p>
  );
}
