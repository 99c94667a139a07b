import { useDocumentTitle } from '@mantine/hooks';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { GroupForm } from './group-form';

export function NewGroupPage() {
  useDocumentTitle('New group · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/groups/new' });
  const navigate = useNavigate();
  return (
    <Page>
      <PageHeader title="New group" />
      <GroupForm
        account={account}
        group={null}
        onSaved={({ id }) =>
          void navigate({
            to: '/settings/$account/groups/$group',
            params: { account, group: id },
            replace: true,
          })
        }
        onCancel={() => void navigate({ to: '/settings/$account/groups', params: { account } })}
      />
    </Page>
  );
}
