import { Button, Drawer } from '@mantine/core';
import type { RunNode } from '@/api/types';
import { CopyText, copyWord, useCopy } from '@/ui/copy';
import { plainText } from '@/ui/log-view/ansi';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { stateOfNode } from '../../status';
import type { ChangeSearch } from '../change-search';
import css from './node-drawer.module.css';
import { NodeTime } from './node-time';

interface NodeDrawerProps {
  node: RunNode | null;
  change: ChangeSearch;
}

/** One node beside the table; Esc closes it. */
export function NodeDrawer({ node, change }: NodeDrawerProps) {
  return (
    <Drawer
      opened={node !== null}
      onClose={() => change({ node: undefined })}
      position="right"
      size={480}
      classNames={{ content: css.panel, header: css.panel }}
      title={node && <bdi className={css.title}>{node.name}</bdi>}
      // Its header is not a landmark of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      overlayProps={{ backgroundOpacity: 0.2 }}
      transitionProps={{ duration: 120 }}
    >
      {node && <NodeFacts node={node} change={change} />}
    </Drawer>
  );
}

function NodeFacts({ node, change }: { node: RunNode; change: ChangeSearch }) {
  const { state, word } = stateOfNode(node.status);
  const { result, copy } = useCopy();
  const message = plainText(node.message ?? '').trim();
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
