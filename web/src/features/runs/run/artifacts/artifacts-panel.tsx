import { Skeleton, TextInput } from '@mantine/core';
import { IconDownload, IconFileText, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { Problem } from '@/ui/problem';
import { artifactAddress, artifactsQuery } from '../../runs-api';
import { isOver } from '../../status';
import { describeArtifact, orderArtifacts } from './artifact-view';
import css from './artifacts-panel.module.css';

const rowPx = 36;
/** Shorter lists are read at a glance and need no filter. */
const filterFrom = 12;

export function ArtifactsPanel({ account, run }: { account: number; run: Run }) {
  const query = useQuery(artifactsQuery(account, run.id));
  const [filter, setFilter] = useState('');
  const paths = useMemo(() => orderArtifacts(query.data ?? []), [query.data]);
  const wanted = filter.trim().toLowerCase();
  const shown = useMemo(
    () => paths.filter((path) => path.toLowerCase().includes(wanted)),
    [paths, wanted],
  );
  if (query.isError && query.data === undefined) {
    return (
      <Problem title="The artifacts could not be read" onRetry={() => void query.refetch()}>
        {messageOf(query.error)}
      </Problem>
    );
  }
  if (query.data === undefined) return <Skeleton className={css.loading} />;
  if (paths.length === 0) {
    return (
      <p className={css.none}>
        {isOver(run.status)
          ? 'This run saved no artifacts.'
          : 'Artifacts appear here as steps end.'}
      </p>
    );
  }
  return (
    <div className={css.panel}>
      {paths.length > filterFrom && (
        <TextInput
          className={css.filter}
          size="xs"
          type="search"
          aria-label="Filter artifacts"
          placeholder="Filter by path"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <ArtifactList account={account} run={run.id} paths={shown} />
    </div>
  );
}

function ArtifactList({ account, run, paths }: { account: number; run: number; paths: string[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: paths.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  return (
    <div ref={scroller} className={css.scroller}>
      {paths.length === 0 && <p className={css.none}>No artifact matches.</p>}
      <ul aria-label="Artifacts" className={css.list} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const path = paths[item.index] ?? '';
          return (
            <li key={path} className={css.row} style={{ transform: `translateY(${item.start}px)` }}>
              <a
                href={artifactAddress(account, run, path)}
                download={path.split('/').at(-1)}
                className={css.link}
              >
                <IconFileText size={16} stroke={1.5} aria-hidden="true" />
                <span className={css.path}>{path}</span>
                <span className={css.about}>{describeArtifact(path)}</span>
                <IconDownload size={16} stroke={1.75} className={css.download} aria-hidden="true" />
              </a>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
