import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './sso-page.module.css';

interface AdvancedProps {
  /** Something in it is set, or wrong. */
  used: boolean;
  wrong: boolean;
  children: ReactNode;
}

/** Fields for special cases, folded until they are wanted. */
export function Advanced({ used, wrong, children }: AdvancedProps) {
  const [unfolded, { toggle }] = useDisclosure(used);
  const opened = unfolded || wrong;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton className={css.more} aria-expanded={opened} onClick={toggle}>
        <Chevron size={16} aria-hidden="true" /> Advanced
      </UnstyledButton>
      <Collapse expanded={opened} transitionDuration={120}>
        <div className={css.folded}>{children}</div>
      </Collapse>
    </div>
  );
}
