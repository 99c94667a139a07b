import { useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { ConnectionForm } from './connection-form';

export function NewConnectionPage() {
  useDocumentTitle('New connection · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/connections/new' });
  const navigate = useNavigate();
  return (
    <Page kind="text">
      <PageHeader
        title="New connection"
        facts="It is tested with the credentials of an environment, once one uses it."
      />
      <ConnectionForm
        account={account}
        onSaved={({ id }) =>
          void navigate({
            to: '/settings/$account/connections/$connection',
            params: { account, connection: id },
            ignoreBlocker: true,
          })
        }
        onCancel={() =>
          void navigate({ to: '/settings/$account/connections', params: { account } })
        }
      />
    </Page>
  );
}
