import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import css from './palette.module.css';
import { moved, type PaletteItem } from './palette-items';
import { usePaletteItems } from './use-palette-items';

interface PaletteDialogProps {
  account: number;
  opened: boolean;
  onClose: () => void;
}

export function PaletteDialog({ account, opened, onClose }: PaletteDialogProps) {
  // Never open from the first moment on: a dialog gives the focus back only to what had it when it opened.
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return (
    <Modal.Root
      opened={shown}
      onClose={onClose}
      size={600}
      yOffset="12vh"
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label="Search and go to" className={css.content}>
        <Modal.Body p={0}>
          <PaletteBody account={account} onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

const typingPauseMs = 120;

function PaletteBody({ account, onClose }: Omit<PaletteDialogProps, 'opened'>) {
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), typingPauseMs);
  const items = usePaletteItems(account, query);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const router = useRouter();
  const listId = useId();
  // What was chosen may go as answers come; then it is the first again.
  const at = Math.max(
    0,
    items.findIndex(({ id }) => id === chosenId),
  );
  const active = items[at];
  const go = (item: PaletteItem) => {
    onClose();
    router.history.push(item.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && active !== undefined && !event.nativeEvent.isComposing) {
      event.preventDefault();
      go(active);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = items[moved(at, event.key === 'ArrowDown' ? 1 : -1, items.length)];
      setChosenId(next?.id ?? null);
    }
  };
  return (
    <>
      <div className={css.field}>
        <IconSearch size={18} aria-hidden="true" />
        <input
          className={css.input}
          data-autofocus
          role="combobox"
          aria-label="Page, job, environment, project, node, or #run"
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-activedescendant={active === undefined ? undefined : optionId(listId, active)}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Page, job, environment, project, node, or #run"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosenId(null);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <span role="status" className="visually-hidden">
        {items.length === 1 ? '1 result' : `${items.length} results`}
      </span>
      <Results listId={listId} items={items} active={active} onPoint={setChosenId} onGo={go} />
      {items.length === 0 && text.trim() === query && (
        <p className={css.none}>Nothing is called that.</p>
      )}
    </>
  );
}

const optionId = (listId: string, { id }: PaletteItem) => `${listId}-${id.replace(/\s/g, '-')}`;

interface ResultsProps {
  listId: string;
  items: readonly PaletteItem[];
  active: PaletteItem | undefined;
  onPoint: (id: string) => void;
  onGo: (item: PaletteItem) => void;
}

/** The focus stays in the field, which says by aria-activedescendant which of these is chosen. */
function Results({ listId, items, active, onPoint, onGo }: ResultsProps) {
  const list = useRef<HTMLDivElement>(null);
  const activeId = active?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another one becomes active.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  return (
    <div ref={list} id={listId} role="listbox" aria-label="Results" className={css.results}>
      {items.map((item, place) => (
        <Fragment key={item.id}>
          {item.group !== items[place - 1]?.group && (
            <div role="presentation" className={css.group}>
              {item.group}
            </div>
          )}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, see above. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's. */}
          <div
            id={optionId(listId, item)}
            role="option"
            aria-selected={item.id === activeId}
            className={css.option}
            onMouseMove={() => item.id !== activeId && onPoint(item.id)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onGo(item)}
          >
            <bdi className={css.title}>{item.title}</bdi>
            {item.hint && <bdi className={css.hint}>{item.hint}</bdi>}
          </div>
        </Fragment>
      ))}
    </div>
  );
}
