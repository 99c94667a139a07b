import { Link } from '@tanstack/react-router';
import { Empty } from '@/ui/empty';
import type { Repository } from '../repositories/repositories-api';
import css from './pull-requests.module.css';

interface TeachProps {
  account: number;
  repository: Repository;
}

/** No pull request yet: what it takes to have them built. */
export function TeachPullRequests({ account, repository }: TeachProps) {
  return (
    <Empty title="No pull requests here">
      Millwright can build each pull request in a schema of its own and tell the host how that went.
      It takes three things:
      <ol className={css.steps}>
        <li>The git host, set up above: then it tells of pull requests.</li>
        <li>
          A job that runs on pull requests:{' '}
          <Link
            to="/deploy/$account/jobs/new"
            params={{ account }}
            search={{ project: repository.project_id }}
            className={css.link}
          >
            make one
          </Link>{' '}
          with the trigger “Run on pull requests”.
        </li>
        <li>A pull request into the branch of the job’s environment, not from a fork.</li>
      </ol>
    </Empty>
  );
}
