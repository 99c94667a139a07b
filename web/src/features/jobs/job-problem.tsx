import { ApiError, messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';

interface JobProblemProps {
  query: { error: Error | null; refetch: () => Promise<unknown> };
  job: number;
}

/** In the place of a job that could not be read. */
export function JobProblem({ query, job }: JobProblemProps) {
  if (query.error instanceof ApiError && query.error.kind === 'not_found')
    return (
      <Problem title={`There is no job #${job}`}>
        It may have been deleted, or it belongs to an account that you may not see.
      </Problem>
    );
  return (
    <Problem title={`Job #${job} could not be read`} onRetry={() => void query.refetch()}>
      {messageOf(query.error)}
    </Problem>
  );
}
