import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Run, RunNode } from '@/api/types';
import { CopyText, copyWord, useCopy } from '@/ui/copy';
import { plainText } from '@/ui/log-view/ansi';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { stateOfNode } from '../../status';
import type { ChangeSearch } from '../change-search';
import { isCompiled, nodeHistoryQuery } from '../insight-api';
import css from './node-drawer.module.css';
import { NodeHistory } from './node-history';
import { NodeSql } from './node-sql';
import { NodeTime } from './node-time';

interface NodeDrawerProps {
  account: number;
  run: Run;
  node: RunNode | null;
  change: ChangeSearch;
}

/** One node beside the tab; Esc closes it. */
export function NodeDrawer({ account, run, node, change }: NodeDrawerProps) {
  return (
    <Drawer
      opened={node !== null}
      onClose={() => change({ node: undefined })}
      position="right"
      size="min(560px, 100vw)"
      classNames={{ content: css.panel, header: css.panel }}
      title={node && <bdi className={css.title}>{node.name}</bdi>}
      // Its header is not a landmark of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      overlayProps={{ backgroundOpacity: 0.2 }}
      transitionProps={{ duration: 120 }}
    >
      {node && (
        <div key={node.unique_id}>
          <NodeFacts account={account} run={run} node={node} change={change} />
          <NodeHistory account={account} run={run} node={node} />
          {isCompiled(node.resource_type) && <NodeSql account={account} run={run} node={node} />}
        </div>
      )}
    </Drawer>
  );
}

type NodeFactsProps = Omit<NodeDrawerProps, 'node'> & { node: RunNode };

function NodeFacts({ account, run, node, change }: NodeFactsProps) {
  const { state, word } = stateOfNode(node.status);
  const { result, copy } = useCopy();
  const message = plainText(node.message ?? '').trim();
  const past = useQuery(nodeHistoryQuery(account, run.environment_id, node.unique_id));
  const rows = past.data?.find(({ run_id }) => run_id === run.id)?.rows_affected ?? null;
  return (
    <>
      <dl className={css.facts}>
        <Fact name="State">
          <StateBadge state={state} word={word} />
        </Fact>
        <Fact name="Type">{node.resource_type}</Fact>
        <Fact name="Unique id">
          <CopyText text={node.unique_id} what="unique id">
            <span className={css.id}>{node.unique_id}</span>
          </CopyText>
        </Fact>
        <Fact name="Time">
          <NodeTime node={node} />
        </Fact>
        <Fact name="Started">
          <TimeAgo at={node.started_at} />
        </Fact>
        {rows !== null && (
          <Fact name="Rows">
            <span className="tabular">{rows.toLocaleString('en')} affected</span>
          </Fact>
        )}
        {node.index !== null && (
          <Fact name="Place">
            <span className="tabular">
              {node.index} of {node.total ?? '?'} in step {node.step}
            </span>
          </Fact>
        )}
      </dl>
      {message !== '' && <pre className={css.message}>{message}</pre>}
      <div className={css.actions}>
        <Button
          variant="default"
          onClick={() =>
            change({ tab: undefined, node: undefined, step: node.step, find: node.name })
          }
        >
          Show in log
        </Button>
        {message !== '' && (
          <Button variant="subtle" onClick={() => copy(message)}>
            {copyWord(result, 'Copy message')}
          </Button>
        )}
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
