import { Drawer } from '@mantine/core';
import { Rail } from './rail';
import css from './shell.module.css';

interface RailDrawerProps {
  account: number;
  opened: boolean;
  onClose: () => void;
}

/** The rail where there is no room beside the page. */
export function RailDrawer({ account, opened, onClose }: RailDrawerProps) {
  return (
    <Drawer
      opened={opened}
      classNames={{ content: css.drawer, body: css.drawerBody }}
      onClose={onClose}
      size={240}
      withCloseButton={false}
      padding={0}
    >
      <Rail account={account} collapsed={false} onNavigate={onClose} />
    </Drawer>
  );
}
