import { SegmentedControl } from '@mantine/core';
import { CodeBlock } from '@/ui/code-block';
import type { NodeSearch } from '../catalog-search';
import type { NodeDetail } from '../node-api';
import css from './node.module.css';

interface CodePanelProps {
  node: NodeDetail;
  search: NodeSearch;
  change: (search: NodeSearch) => void;
}

/** The code as it was written, and as it went to the warehouse. */
export function CodePanel({ node, search, change }: CodePanelProps) {
  const compiled = node.compiledCode || null;
  const shown = search.code === 'compiled' && compiled !== null ? 'compiled' : 'raw';
  const code = shown === 'compiled' ? compiled : node.rawCode;
  return (
    <div className={css.sections}>
      {compiled !== null && (
        <SegmentedControl
          className={css.segments}
          size="xs"
          aria-label="Which code"
          data={[
            { value: 'raw', label: 'As written' },
            { value: 'compiled', label: 'Compiled' },
          ]}
          value={shown}
          onChange={(value) => {
            const { code: _code, ...rest } = search;
            change(value === 'compiled' ? { ...rest, code: 'compiled' } : rest);
          }}
        />
      )}
      {code ? (
        <CodeBlock code={code} label={shown === 'compiled' ? 'compiled code' : 'code'} />
      ) : (
        <p className={css.dim}>There is no code to show.</p>
      )}
    </div>
  );
}
