import { UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys, useOs } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import css from './palette.module.css';

// Read when it is first opened: pages do not wait for it.
const PaletteDialog = lazy(async () => ({
  default: (await import('./palette-dialog')).PaletteDialog,
}));

/** Opens the command palette, by Ctrl/⌘ K from anywhere. */
export function Palette({ account }: { account: number }) {
  const [opened, { open, close, toggle }] = useDisclosure(false);
  const [wanted, setWanted] = useState(false);
  const os = useOs();
  const apple = os === 'macos' || os === 'ios';
  const shortcut = apple ? '⌘ K' : 'Ctrl K';
  useHotkeys(
    [
      [
        'mod+K',
        () => {
          setWanted(true);
          toggle();
        },
      ],
    ],
    // In fields, too.
    [],
    true,
  );
  return (
    <>
      <UnstyledButton
        className={css.button}
        aria-keyshortcuts={apple ? 'Meta+K' : 'Control+K'}
        aria-haspopup="dialog"
        onClick={() => {
          setWanted(true);
          open();
        }}
      >
        <IconSearch size={16} aria-hidden="true" />
        <span className={css.buttonWord}>Go to…</span>
        <kbd className={css.key}>{shortcut}</kbd>
      </UnstyledButton>
      {wanted && (
        <Suspense fallback={null}>
          <PaletteDialog account={account} opened={opened} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
