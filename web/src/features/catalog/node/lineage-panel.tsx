import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { Graph } from '@/ui/graph/graph';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { type CatalogNode, lineageQuery } from '../catalog-api';
import { depths, type NodeSearch, usualDepth } from '../catalog-search';
import { graphOf } from '../graph-of';
import { KindIcon } from '../kind-icon';
import { around, downstream, type Relations, relationsOf, upstream } from '../lineage';
import type { NodeDetail } from '../node-api';
import css from './node.module.css';
import type { NodePlace } from './node-page';

interface LineagePanelProps {
  place: NodePlace;
  node: NodeDetail;
  search: NodeSearch;
  change: (search: NodeSearch) => void;
}

const all = depths.at(-1) ?? usualDepth;

/** What it depends on and what depends on it, around it and in lists. */
export function LineagePanel({ place, node, search, change }: LineagePanelProps) {
  const lineage = useQuery(lineageQuery(place.account, place.environment));
  const navigate = useNavigate();
  const depth = search.depth ?? usualDepth;
  const relations = useMemo(() => relationsOf(lineage.data?.nodes ?? []), [lineage.data]);
  const { nodes, edges } = useMemo(() => {
    const near = around(relations, node.uniqueId, depth);
    // Tests hang on everything: they would hide what is built.
    const shown = (one: CatalogNode) =>
      near.has(one.uniqueId) && (one.resourceType !== 'test' || one.uniqueId === node.uniqueId);
    return graphOf((lineage.data?.nodes ?? []).filter(shown));
  }, [lineage.data, relations, node.uniqueId, depth]);
  if (lineage.data === undefined) {
    return lineage.isError ? (
      <Problem title="The lineage could not be read" onRetry={() => void lineage.refetch()}>
        {messageOf(lineage.error)}
      </Problem>
    ) : (
      <Skeleton height={420} />
    );
  }
  return (
    <div className={css.sections}>
      <SegmentedControl
        className={css.segments}
        size="xs"
        aria-label="Steps away"
        data={depths.map((one) => ({
          value: String(one),
          label: one === all ? 'All' : `${one} ${one === 1 ? 'step' : 'steps'}`,
        }))}
        value={String(depth)}
        onChange={(value) => {
          const { depth: _depth, ...rest } = search;
          const next = Number(value);
          change(next === usualDepth ? rest : { ...rest, depth: next });
        }}
      />
      {/* A block: the graph's height is its own, not what a flexible column leaves. */}
      <div>
        <Graph
          label={`Lineage around ${node.name}`}
          nodes={nodes}
          edges={edges}
          selected={node.uniqueId}
          onSelect={(id) => {
            if (id === node.uniqueId) return;
            void navigate({
              to: '/explore/$account/environments/$environment/nodes/$node/',
              params: { ...place, node: id },
              search,
            });
          }}
          height={420}
        />
      </div>
      <div className={css.halves}>
        <Related place={place} relations={relations} node={node} side="upstream" />
        <Related place={place} relations={relations} node={node} side="downstream" />
      </div>
    </div>
  );
}

interface RelatedProps {
  place: NodePlace;
  relations: Relations;
  node: NodeDetail;
  side: 'upstream' | 'downstream';
}

const mostListed = 100;

function Related({ place, relations, node, side }: RelatedProps) {
  const walk = side === 'upstream' ? upstream : downstream;
  const ids = walk(relations, node.uniqueId);
  const direct = new Set(walk(relations, node.uniqueId, 1));
  const nodes = ids.flatMap((id) => {
    const one = relations.nodes.get(id);
    return one === undefined || one.resourceType === 'test' ? [] : [one];
  });
  const title = `${side === 'upstream' ? 'Upstream' : 'Downstream'} (${nodes.length.toLocaleString('en')})`;
  return (
    <Section title={title}>
      {nodes.length === 0 ? (
        <p className={css.dim}>
          {side === 'upstream' ? 'It depends on nothing.' : 'Nothing depends on it.'}
        </p>
      ) : (
        <ul className={css.related}>
          {nodes.slice(0, mostListed).map((one) => (
            <li key={one.uniqueId}>
              <KindIcon type={one.resourceType} />
              <Link
                to="/explore/$account/environments/$environment/nodes/$node/"
                params={{ ...place, node: one.uniqueId }}
                search={{ tab: 'lineage' }}
              >
                <bdi>{one.name}</bdi>
              </Link>
              {direct.has(one.uniqueId) && <span className={css.dim}>direct</span>}
            </li>
          ))}
          {nodes.length > mostListed && (
            <li className={css.dim}>and {(nodes.length - mostListed).toLocaleString('en')} more</li>
          )}
        </ul>
      )}
    </Section>
  );
}
