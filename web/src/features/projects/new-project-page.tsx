import { useDocumentTitle } from '@mantine/hooks';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { ProjectForm } from './project-form';

export function NewProjectPage() {
  useDocumentTitle('New project · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/projects/new' });
  const navigate = useNavigate();
  return (
    <Page kind="text">
      <PageHeader
        title="New project"
        facts={
          <span>
            The{' '}
            <Link to="/set-up/$account" params={{ account }} search={{}}>
              guided set-up
            </Link>{' '}
            makes one with everything that a first run needs.
          </span>
        }
      />
      <ProjectForm
        account={account}
        onSaved={({ id }) =>
          void navigate({
            to: '/settings/$account/projects/$project',
            params: { account, project: id },
            ignoreBlocker: true,
          })
        }
        onCancel={() => void navigate({ to: '/settings/$account/projects', params: { account } })}
      />
    </Page>
  );
}
