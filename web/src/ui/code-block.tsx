import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import css from './code-block.module.css';
import { copyWord, useCopy } from './copy';

interface CodeBlockProps {
  code: string;
  /** What it is, for screen readers: “command”. */
  label: string;
}

export function CodeBlock({ code, label }: CodeBlockProps) {
  const { result, copy } = useCopy();
  return (
    <div className={css.root}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which keys must do, too. */}
      <pre className={css.code} tabIndex={0}>
        <code>{code}</code>
      </pre>
      <Tooltip label={copyWord(result, 'Copy')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Copy ${label}`}
          onClick={() => copy(code)}
        >
          {result === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
