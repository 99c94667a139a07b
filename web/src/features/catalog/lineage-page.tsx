import { Button, Skeleton, Switch } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Graph } from '@/ui/graph/graph';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { lineageQuery } from './catalog-api';
import type { LineageSearch } from './catalog-search';
import { EnvironmentName } from './environment-name';
import { graphOf } from './graph-of';
import { around, relationsOf } from './lineage';
import css from './lineage-page.module.css';

const route = '/signed-in/explore/$account/environments/$environment/lineage';

/** All of an environment's nodes and how they depend on each other. */
export function LineagePage() {
  useDocumentTitle('Lineage · Catalog · Millwright');
  const { account, environment } = useParams({ from: route });
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/explore/$account/environments/$environment/lineage' });
  const lineage = useQuery(lineageQuery(account, environment));
  const all = lineage.data?.nodes;
  const shown = useMemo(
    () => (all ?? []).filter((node) => search.tests || node.resourceType !== 'test'),
    [all, search.tests],
  );
  const { nodes, edges } = useMemo(() => {
    const chosen = search.node;
    if (chosen === undefined) return graphOf(shown);
    const near = around(relationsOf(shown), chosen, Infinity);
    return graphOf(shown, (id) => near.has(id));
  }, [shown, search.node]);
  const change = (next: LineageSearch) =>
    void navigate({ params: true, search: next, replace: true });
  return (
    <Page kind="list">
      <PageHeader
        title="Lineage"
        aside={
          all && (
            <span className="tabular">
              {shown.length.toLocaleString('en')} {shown.length === 1 ? 'node' : 'nodes'}
            </span>
          )
        }
        actions={
          <Switch
            size="xs"
            label="With tests"
            checked={search.tests === true}
            onChange={(event) => {
              const { tests: _tests, ...rest } = search;
              change(event.currentTarget.checked ? { ...rest, tests: true } : rest);
            }}
          />
        }
        facts={
          <>
            <EnvironmentName account={account} environment={environment} />
            {lineage.data?.updatedAt && (
              <span>
                As of <TimeAgo at={lineage.data.updatedAt} />
              </span>
            )}
          </>
        }
      />
      {search.node !== undefined && (
        <Chosen
          account={account}
          environment={environment}
          node={search.node}
          onClear={() => {
            const { node: _node, ...rest } = search;
            change(rest);
          }}
        />
      )}
      {all === undefined ? (
        lineage.isError ? (
          <Problem title="The lineage could not be read" onRetry={() => void lineage.refetch()}>
            {messageOf(lineage.error)}
          </Problem>
        ) : (
          <Skeleton className={css.graph} />
        )
      ) : shown.length === 0 ? (
        <Empty title="No lineage yet">
          The lineage is drawn from the manifest of the environment’s latest run. It appears by
          itself after the first run there.
        </Empty>
      ) : (
        <div className={css.graph}>
          <Graph
            label="Lineage of the environment"
            nodes={nodes}
            edges={edges}
            selected={search.node ?? null}
            onSelect={(node) => change({ ...search, node })}
          />
        </div>
      )}
    </Page>
  );
}

interface ChosenProps {
  account: number;
  environment: number;
  node: string;
  onClear: () => void;
}

function Chosen({ account, environment, node, onClear }: ChosenProps) {
  return (
    <div className={css.chosen}>
      <span className={`mono ${css.chosenName}`}>{node}</span>
      <span className={css.dim}>with all up and downstream of it</span>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link
            to="/explore/$account/environments/$environment/nodes/$node/"
            params={{ account, environment, node }}
            {...props}
          />
        )}
      >
        Open
      </Button>
      <Button variant="subtle" leftSection={<IconX size={14} />} onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
