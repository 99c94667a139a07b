import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { environmentsQuery } from '../environments/environments-api';
import { projectsQuery } from '../projects/projects-api';
import css from './set-up.module.css';
import { jobPlacesQuery } from './set-up-api';
import { unfinished } from './steps';

/** Projects that were begun and have no job yet, to be taken up again. */
export function Begun({ account }: { account: number }) {
  const projects = useQuery(projectsQuery(account));
  const environments = useQuery(environmentsQuery(account));
  const jobs = useQuery(jobPlacesQuery(account));
  if (!projects.data || !environments.data || !jobs.data) return null;
  const open = unfinished({
    projects: projects.data,
    environments: environments.data,
    jobs: jobs.data,
  });
  if (open.length === 0) return null;
  return (
    <div className={css.begun}>
      <span>Begun and without a job yet:</span>
      {open.slice(0, 6).map(({ name, search }) => (
        <Link
          key={search.project}
          to="/set-up/$account"
          params={{ account }}
          search={search}
          className={css.link}
        >
          Go on with <bdi>{name}</bdi>
        </Link>
      ))}
    </div>
  );
}
