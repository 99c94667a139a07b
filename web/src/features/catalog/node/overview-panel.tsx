import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CodeBlock } from '@/ui/code-block';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { limitWords } from '../freshness-rows';
import { declaredColumnsQuery, type NodeDetail, type NodeFacts } from '../node-api';
import { ColumnsTable } from './columns-table';
import css from './node.module.css';
import type { NodePlace } from './node-page';
import { webAddress } from './relation-name';
import { TestsTable } from './tests-table';

interface OverviewPanelProps {
  place: NodePlace;
  node: NodeDetail;
  owner: NodeFacts['owner'];
}

const relations = ['model', 'source', 'seed', 'snapshot'];

export function OverviewPanel({ place, node, owner }: OverviewPanelProps) {
  const error = node.executionInfo?.lastRunError;
  return (
    <div className={css.sections}>
      {error && node.executionInfo?.lastRunStatus !== 'success' && (
        <Problem title="The last run did not go well">
          <span className={css.message}>{error}</span>
          <LastRun place={place} node={node} />
        </Problem>
      )}
      <div className={css.overview}>
        <Section title="Description">
          {node.description ? (
            <p className={css.description}>{node.description}</p>
          ) : (
            <p className={css.dim}>
              None yet. It is written in the project, beside the{' '}
              {node.resourceType.replace('_', ' ')}, as <code className="mono">description</code>.
            </p>
          )}
        </Section>
        <Section title="Details">
          <Details place={place} node={node} owner={owner} />
        </Section>
      </div>
      {relations.includes(node.resourceType) && <Columns place={place} node={node} />}
      {node.tests !== undefined && (
        <Section title="Tests">
          <TestsTable place={place} tests={node.tests} />
        </Section>
      )}
      {node.meta && Object.keys(node.meta).length > 0 && (
        <Section title="Meta">
          <CodeBlock code={JSON.stringify(node.meta, null, 2)} label="meta" />
        </Section>
      )}
    </div>
  );
}

function Columns({ place, node }: { place: NodePlace; node: NodeDetail }) {
  const seen = node.catalog?.columns ?? [];
  const declared = useQuery(declaredColumnsQuery(place.account, node));
  const columns = seen.length > 0 ? seen : (declared.data ?? []);
  const waits = seen.length === 0 && declared.isLoading;
  return (
    <Section
      title="Columns"
      help={
        columns.length > 0 && seen.length === 0
          ? 'As the project declares them. What the warehouse has comes with a job that generates docs.'
          : undefined
      }
    >
      {columns.length === 0 && !waits ? (
        <p className={css.dim}>
          Not known yet. They come with a job that generates docs, or where the project describes
          them.
        </p>
      ) : (
        <ColumnsTable
          place={place}
          columns={waits ? undefined : columns}
          tests={node.tests ?? []}
        />
      )}
    </Section>
  );
}

function LastRun({ place, node }: { place: NodePlace; node: NodeDetail }) {
  const run = node.executionInfo?.lastRunId ?? node.freshness?.freshnessRunId;
  if (run === null || run === undefined) return null;
  return (
    <Link
      to="/deploy/$account/projects/$project/runs/$run"
      params={{ account: place.account, project: Number(node.projectId), run }}
    >
      Run #{run}
    </Link>
  );
}

/** What a kind does not have is left out. */
function Optional({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return <Fact name={name}>{children}</Fact>;
}

function Details({ place, node, owner }: OverviewPanelProps) {
  const mail = node.ownerEmail ?? owner?.ownerEmail;
  const who = [node.ownerName ?? owner?.ownerName, mail && `<${mail}>`].filter(Boolean).join(' ');
  const url = webAddress(node.url);
  const stats = node.catalog?.stats ?? [];
  return (
    <Facts>
      <Optional name="Owner">{who}</Optional>
      <Optional name="Group">{node.group}</Optional>
      <Optional name="Tags">{node.tags?.join(', ')}</Optional>
      <Optional name="Materialised">{node.materializedType}</Optional>
      <Optional name="In the warehouse">{node.catalog?.type}</Optional>
      <Optional name="Access">{node.access}</Optional>
      <Optional name="Version">{node.version}</Optional>
      <Optional name="Contract">{node.contractEnforced ? 'Enforced' : null}</Optional>
      <Optional name="Source">{node.sourceName}</Optional>
      <Optional name="About the source">{node.sourceDescription}</Optional>
      <Optional name="Loader">{node.loader}</Optional>
      <Optional name="Newest row">
        {node.freshness?.maxLoadedAt && <TimeAgo at={node.freshness.maxLoadedAt} />}
      </Optional>
      <Optional name="Warns after">{limitWords(node.freshness?.criteria.warnAfter)}</Optional>
      <Optional name="Fails after">{limitWords(node.freshness?.criteria.errorAfter)}</Optional>
      <Optional name="Type">{node.exposureType ?? node.type}</Optional>
      <Optional name="Maturity">{node.maturity}</Optional>
      <Optional name="Address">
        {url === null ? (
          node.url
        ) : (
          <a href={url} target="_blank" rel="noreferrer">
            {url}
          </a>
        )}
      </Optional>
      <Optional name="Formula">{node.formula}</Optional>
      <Optional name="Test">{node.testName}</Optional>
      <Optional name="Column">{node.columnName}</Optional>
      <Optional name="Severity">{node.severity?.toLowerCase()}</Optional>
      <Optional name="Last built">
        {node.executionInfo?.runGeneratedAt && <TimeAgo at={node.executionInfo.runGeneratedAt} />}
      </Optional>
      {(node.executionInfo?.lastRunId ?? node.freshness?.freshnessRunId) && (
        <Fact name="Last run">
          <LastRun place={place} node={node} />
        </Fact>
      )}
      {stats.map(({ id, label, value }) => (
        <Optional key={id} name={label ?? id}>
          {value}
        </Optional>
      ))}
      <Optional name="File">
        {node.filePath && <span className="mono">{node.filePath}</span>}
      </Optional>
      <Optional name="Package">{node.packageName}</Optional>
      <Fact name="Unique id">
        <CopyText text={node.uniqueId} what="unique id">
          <span className="mono">{node.uniqueId}</span>
        </CopyText>
      </Fact>
    </Facts>
  );
}
