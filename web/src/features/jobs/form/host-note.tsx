import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectHostQuery } from '../../git-hosts/git-hosts-api';
import { lackOf } from '../../git-hosts/host-standing';
import { projectQuery } from '../../projects/projects-api';
import css from './form.module.css';
import { lackWords } from './trigger-words';

/** Why pull requests and merges start nothing in a project; null while nobody knows of a reason. */
export function useHostLack(account: number, project: number | null) {
  const chosen = useQuery({ ...projectQuery(account, project ?? 0), enabled: project !== null });
  const repository = chosen.data?.repository_id ?? null;
  const host = useQuery({
    ...projectHostQuery(account, repository ?? 0),
    enabled: repository !== null,
  });
  if (project === null || chosen.data === undefined) return null;
  if (repository === null) return { repository, lack: 'no_repository' as const };
  const lack = host.data === undefined ? null : lackOf(host.data);
  return lack === null ? null : { repository, lack };
}

interface HostNoteProps {
  account: number;
  found: ReturnType<typeof useHostLack>;
}

/** Says that nothing will start the runs while the project's repository has no way to its host. */
export function HostNote({ account, found }: HostNoteProps) {
  if (found === null) return null;
  const { repository, lack } = found;
  return (
    <p className={css.warning} role="status">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span>
        {lackWords[lack]}{' '}
        {repository !== null && (lack === 'none' || lack === 'broken') && (
          <Link
            to="/settings/$account/repositories/$repository"
            params={{ account, repository }}
            className={css.link}
          >
            Open the repository
          </Link>
        )}
      </span>
    </p>
  );
}
