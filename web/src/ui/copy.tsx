import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useState } from 'react';
import css from './copy.module.css';

const shownForMs = 1_500;

/** Copies text and says so for a moment. The clipboard may be forbidden; then it says that instead. */
export function useCopy(): { result: 'copied' | 'refused' | null; copy: (text: string) => void } {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (result === null) return undefined;
    const timer = setTimeout(() => setResult(null), shownForMs);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = useCallback((text: string) => {
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (clipboard === undefined) {
      setResult('refused');
      return;
    }
    clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  }, []);
  return { result, copy };
}

export function copyWord(result: 'copied' | 'refused' | null, idle: string): string {
  if (result === 'copied') return 'Copied';
  return result === 'refused' ? 'The browser refused to copy' : idle;
}

interface CopyTextProps {
  /** What is copied. */
  text: string;
  /** What it is, for the tooltip and for screen readers: “run id”. */
  what: string;
  children: ReactNode;
}

/** Text that copies itself by a click, for ids and hashes. */
export function CopyText({ text, what, children }: CopyTextProps) {
  const { result, copy } = useCopy();
  return (
    <Tooltip label={copyWord(result, `Copy ${what}`)}>
      <UnstyledButton
        className={css.text}
        aria-description={`Copy ${what}`}
        onClick={() => copy(text)}
      >
        {children}
        {result === 'copied' ? (
          <IconCheck size={14} aria-hidden="true" />
        ) : (
          <IconCopy size={14} aria-hidden="true" className={css.hint} />
        )}
      </UnstyledButton>
    </Tooltip>
  );
}
