import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CopyText } from '@/ui/copy';
import { PageHeader } from '@/ui/page-header';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { environmentsQuery } from '../catalog-api';
import { sourceTitle } from '../freshness-rows';
import { KindIcon } from '../kind-icon';
import { freshnessState, kindWord, lastState } from '../kinds';
import type { NodeDetail, NodeFacts } from '../node-api';
import css from './node.module.css';
import type { NodePlace } from './node-page';
import { relationName } from './relation-name';

interface NodeHeaderProps {
  place: NodePlace;
  node: NodeDetail;
  owner: NodeFacts['owner'];
}

/** What it is, where it is, and how it is, in two lines. */
export function NodeHeader({ place, node, owner }: NodeHeaderProps) {
  const environments = useQuery(environmentsQuery(place.account));
  const environment = environments.data?.find(({ id }) => id === place.environment);
  const state =
    node.resourceType === 'source'
      ? freshnessState(node.freshness?.freshnessStatus)
      : lastState(node.executionInfo?.lastRunStatus);
  const when =
    node.resourceType === 'source'
      ? node.freshness?.snapshottedAt
      : node.executionInfo?.lastRunGeneratedAt;
  const relation = relationName(node);
  const who = node.ownerName || node.ownerEmail || owner?.ownerName || owner?.ownerEmail;
  return (
    <PageHeader
      title={
        <span className={css.title}>
          <KindIcon type={node.resourceType} size={20} />
          <bdi>{node.label || sourceTitle(node)}</bdi>
        </span>
      }
      aside={state && <StateBadge state={state.state} word={state.word} />}
      facts={
        <>
          <span>{kindWord(node.resourceType)}</span>
          {environment && (
            <bdi>
              {environment.project?.name ?? `Project ${environment.project_id}`} ·{' '}
              {environment.name}
            </bdi>
          )}
          {relation && (
            <CopyText text={relation} what="name in the warehouse">
              <span className="mono">{relation}</span>
            </CopyText>
          )}
          {node.materializedType && <span>{node.materializedType}</span>}
          {who && <bdi>Owner: {who}</bdi>}
          {environment && (
            <Link
              to="/explore/$account/projects/$project/docs"
              params={{ account: place.account, project: environment.project_id }}
              search={{ node: node.uniqueId }}
            >
              dbt docs
            </Link>
          )}
          {when && (
            <span>
              {node.resourceType === 'source' ? 'Checked' : 'Last run'} <TimeAgo at={when} />
            </span>
          )}
        </>
      }
    />
  );
}
