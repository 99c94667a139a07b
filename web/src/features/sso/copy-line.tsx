import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { copyWord, useCopy } from '@/ui/copy';
import css from './sso-page.module.css';

/** Text to be entered elsewhere, with a button that copies it. */
export function CopyLine({ text }: { text: string }) {
  const { result, copy } = useCopy();
  return (
    <span className={css.copyLine}>
      <code className="mono">{text}</code>
      <Tooltip label={copyWord(result, 'Copy')}>
        <ActionIcon size={24} aria-label={`Copy ${text}`} onClick={() => copy(text)}>
          {result === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
