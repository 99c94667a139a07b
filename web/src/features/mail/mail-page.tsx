import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { Letters } from './letters';
import { mailQuery } from './mail-api';
import { Sending } from './sending';

export function MailPage() {
  useDocumentTitle('E-mail · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/mail' });
  const mail = useQuery(mailQuery(account));
  return (
    <Page>
      <PageHeader title="E-mail" facts="What this account sends, and what became of it." />
      {mail.isError && mail.data === undefined ? (
        <Problem title="The settings could not be read" onRetry={() => void mail.refetch()}>
          {messageOf(mail.error)}
        </Problem>
      ) : mail.data === undefined ? (
        <Skeleton height={180} />
      ) : mail.data.configured ? (
        <Sending account={account} mail={mail.data} />
      ) : (
        <NoServer />
      )}
      <Letters account={account} />
    </Page>
  );
}

function NoServer() {
  return (
    <Empty title="There is no mail server yet">
      Nothing is sent until whoever operates this installation names a mail server:{' '}
      <code className="mono">MILLWRIGHT_SMTP_HOST</code> is its name, and{' '}
      <code className="mono">MILLWRIGHT_SMTP_FROM</code> the address that e-mail comes from. These
      and the other settings of e-mail are described in <code className="mono">docs/config.md</code>
      . Until then the rules of notifications are kept, and links for invitations and new passwords
      are passed on by hand.
    </Empty>
  );
}
