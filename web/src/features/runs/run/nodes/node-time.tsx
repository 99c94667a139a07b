import type { RunNode } from '@/api/types';
import { formatExecution, parseTimestamp } from '@/ui/time';
import { useNow } from '@/ui/use-now';

/** How long a node took, or has been taking. */
export function NodeTime({ node }: { node: RunNode }) {
  const started = parseTimestamp(node.started_at);
  const running = node.status === 'started' && started !== null;
  const now = useNow(running);
  if (running) return <span className="tabular">{formatExecution(now - started)}</span>;
  if (node.execution_time === null) return <span>–</span>;
  return <span className="tabular">{formatExecution(node.execution_time * 1_000)}</span>;
}
