import { useQuery } from '@tanstack/react-query';
import { environmentsQuery } from './catalog-api';

/** “Shop · Production”, once it is known. */
export function EnvironmentName({
  account,
  environment,
}: {
  account: number;
  environment: number;
}) {
  const environments = useQuery(environmentsQuery(account));
  const own = environments.data?.find(({ id }) => id === environment);
  if (own === undefined) return <span>Environment {environment}</span>;
  return (
    <bdi>
      {own.project?.name ?? `Project ${own.project_id}`} · {own.name}
    </bdi>
  );
}
