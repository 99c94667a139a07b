import { ActionIcon, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import {
  IconArrowAutofitDown,
  IconCheck,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconSearch,
  IconTextWrap,
} from '@tabler/icons-react';
import { useRef } from 'react';
import type { LogFilter } from '@/api/types';
import { maxFound } from '@/ui/log-view/search';
import css from './logs-panel.module.css';
import type { LogSearch } from './use-log-search';

interface LogToolbarProps {
  search: LogSearch;
  /** More of the log is still to be read, so the count may grow. */
  reading: boolean;
  level: LogFilter;
  onLevel: (level: LogFilter) => void;
  wrap: boolean;
  onWrap: () => void;
  onCopy: () => void;
  copyWord: string;
  copied: boolean;
  onEnd: () => void;
}

export function LogToolbar(props: LogToolbarProps) {
  const { search, reading, level, onLevel, wrap, onWrap, onCopy, copyWord, copied, onEnd } = props;
  return (
    <div className={css.toolbar} role="toolbar" aria-label="Log">
      <SearchField search={search} reading={reading} />
      <SegmentedControl
        size="xs"
        aria-label="Level"
        value={level}
        onChange={(value) => onLevel(value === 'debug' ? 'debug' : 'info')}
        data={[
          { value: 'info', label: 'Info' },
          { value: 'debug', label: 'Debug' },
        ]}
        transitionDuration={80}
      />
      <Tooltip label={wrap ? 'Do not wrap long lines' : 'Wrap long lines'}>
        <ActionIcon
          aria-label="Wrap long lines"
          aria-pressed={wrap}
          data-on={wrap || undefined}
          className={css.tool}
          onClick={onWrap}
        >
          <IconTextWrap size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Go to the end">
        <ActionIcon aria-label="Go to the end" className={css.tool} onClick={onEnd}>
          <IconArrowAutofitDown size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={copyWord}>
        <ActionIcon aria-label="Copy the log" className={css.tool} onClick={onCopy}>
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function countText({ count, place }: LogSearch, reading: boolean): string {
  const total =
    count >= maxFound ? `${maxFound.toLocaleString('en')}+` : count.toLocaleString('en');
  const position = place === null ? '' : `${(place + 1).toLocaleString('en')} of `;
  return `${position}${total}${reading ? '…' : ''}`;
}

function SearchField({ search, reading }: { search: LogSearch; reading: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => field.current?.select()]]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      search.go(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'Escape') search.setText('');
  };
  const active = search.query !== '';
  return (
    <div className={css.search}>
      <TextInput
        ref={field}
        size="xs"
        type="search"
        aria-label="Search in the log"
        placeholder="Search in the log   /"
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        rightSection={
          active && (
            <span className={css.found} role="status">
              {countText(search, reading)}
            </span>
          )
        }
        rightSectionWidth={active ? 96 : 0}
        value={search.text}
        onChange={(event) => search.setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {active && (
        <>
          <ActionIcon
            aria-label="Previous line found"
            className={css.tool}
            disabled={search.count === 0}
            onClick={() => search.go(-1)}
          >
            <IconChevronUp size={16} />
          </ActionIcon>
          <ActionIcon
            aria-label="Next line found"
            className={css.tool}
            disabled={search.count === 0}
            onClick={() => search.go(1)}
          >
            <IconChevronDown size={16} />
          </ActionIcon>
        </>
      )}
    </div>
  );
}
