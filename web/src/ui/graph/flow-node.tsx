import { UnstyledButton } from '@mantine/core';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { createContext, memo, useContext } from 'react';
import { StateIcon } from '../state-icon';
import { stateTone, stateWord } from '../states';
import css from './graph.module.css';
import type { GraphNode } from './types';

export interface FlowActions {
  selected: string | null;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
}

export const FlowContext = createContext<FlowActions>({
  selected: null,
  onSelect: () => {},
  onFocus: () => {},
});

export type FlowNodeType = Node<{ node: GraphNode }, 'own'>;

/** One node: a button, so that the keyboard reaches it. */
export const FlowNode = memo(function FlowNode({ id, data: { node } }: NodeProps<FlowNodeType>) {
  const { selected, onSelect, onFocus } = useContext(FlowContext);
  const tone = node.tone ?? (node.state && stateTone[node.state]);
  const word = node.state && stateWord[node.state];
  return (
    <>
      <Handle type="target" position={Position.Left} className={css.handle} />
      <UnstyledButton
        className={css.node}
        data-tone={tone}
        data-dim={node.dim || undefined}
        data-node={id}
        aria-pressed={selected === id}
        title={node.label}
        onClick={() => onSelect(id)}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) onFocus(id);
        }}
      >
        <span className={css.nodeLabel}>
          {node.state && <StateIcon state={node.state} size={12} />}
          <bdi className={css.cut}>{node.label}</bdi>
        </span>
        {(node.kind ?? word) && (
          <span className={css.nodeKind}>{[node.kind, word].filter(Boolean).join(' · ')}</span>
        )}
      </UnstyledButton>
      <Handle type="source" position={Position.Right} className={css.handle} />
    </>
  );
});
