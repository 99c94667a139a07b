import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import {
  type ComparedModel,
  columnChanges,
  rowParts,
  sizeWords,
  statusWord,
} from './compare-model';
import css from './compare-panel.module.css';

interface ModelRowsProps {
  model: ComparedModel;
  /** Shows the node beside the page. */
  onOpen: () => void;
}

const meaning: Record<string, string> = {
  added: 'rows added',
  removed: 'rows removed',
  changed: 'rows changed',
};

/** One model, and below it its columns once they are asked for. */
export function ModelRows({ model, onOpen }: ModelRowsProps) {
  const [opened, setOpened] = useState(false);
  const id = useId();
  const columns = columnChanges(model);
  const { name, status, rows, primary_key, message } = model;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <tbody className={css.model} data-status={status}>
      <tr>
        <th scope="row">
          <UnstyledButton className={css.name} onClick={onOpen} title={model.unique_id}>
            <bdi className="mono">{name}</bdi>
          </UnstyledButton>
        </th>
        <td>{statusWord[status]}</td>
        <td className="tabular">
          <RowsCell model={model} />
        </td>
        <td className={`tabular ${css.wide}`}>{sizeWords(rows)}</td>
        <td>
          {columns.length === 0 ? (
            '–'
          ) : (
            <UnstyledButton
              className={css.toggle}
              aria-expanded={opened}
              aria-controls={id}
              aria-label={`Columns of ${name}, ${columns.length} differ`}
              onClick={() => setOpened((before) => !before)}
            >
              <Chevron size={16} aria-hidden="true" />
              {columns.length}
            </UnstyledButton>
          )}
        </td>
      </tr>
      {message !== '' && (
        <tr>
          <td colSpan={5} className={css.message} dir="auto">
            {message}
          </td>
        </tr>
      )}
      <tr id={id} hidden={!opened}>
        <td colSpan={5} className={css.detail}>
          {primary_key.length > 0 && (
            <p className={css.note}>
              Primary key: <code className="mono">{primary_key.join(', ')}</code>
            </p>
          )}
          <dl className={css.columns}>
            {columns.map(({ name: column, words }) => (
              <div key={`${column} ${words}`}>
                <dt className="mono">{column}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </td>
      </tr>
    </tbody>
  );
}

function RowsCell({ model: { rows } }: { model: ComparedModel }) {
  const parts = rowParts(rows);
  if (parts === null) return '–';
  if (parts.length === 0) return 'the same';
  return (
    <span className={css.rows}>
      {parts.map(({ kind, text }) => (
        <span key={kind} className={css.part} data-kind={kind} title={meaning[kind]}>
          {text}
          <span className={css.hidden}> {meaning[kind]}</span>
        </span>
      ))}
    </span>
  );
}
