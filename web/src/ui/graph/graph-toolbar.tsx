import { ActionIcon, Select, Tooltip } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus, IconSearch } from '@tabler/icons-react';
import { type RefObject, useMemo } from 'react';
import css from './graph.module.css';
import type { GraphHandle, GraphNode } from './types';

interface GraphToolbarProps {
  nodes: readonly GraphNode[];
  drawing: RefObject<GraphHandle | null>;
}

const zoomStep = 1.4;

export function GraphToolbar({ nodes, drawing }: GraphToolbarProps) {
  const options = useMemo(
    () =>
      nodes
        .map(({ id, label, kind }) => ({ value: id, label: kind ? `${label} (${kind})` : label }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    [nodes],
  );
  const buttons = [
    { word: 'Zoom in', Icon: IconPlus, act: () => drawing.current?.zoomBy(zoomStep) },
    { word: 'Zoom out', Icon: IconMinus, act: () => drawing.current?.zoomBy(1 / zoomStep) },
    { word: 'Show all', Icon: IconMaximize, act: () => drawing.current?.fit() },
  ];
  return (
    <div className={css.toolbar}>
      <Select
        className={css.search}
        size="xs"
        searchable
        value={null}
        data={options}
        limit={30}
        placeholder="Find a node"
        aria-label="Find a node"
        nothingFoundMessage="No node of that name"
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        rightSection={<span />}
        comboboxProps={{ withinPortal: true, transitionProps: { duration: 0 } }}
        onChange={(id) => {
          // After the list has closed, which takes the focus back.
          if (id !== null) requestAnimationFrame(() => drawing.current?.goTo(id));
        }}
      />
      <div className={css.zoom}>
        {buttons.map(({ word, Icon, act }) => (
          <Tooltip key={word} label={word}>
            <ActionIcon variant="default" size={30} aria-label={word} onClick={act}>
              <Icon size={16} />
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
    </div>
  );
}
