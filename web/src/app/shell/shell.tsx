import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Outlet, useRouteContext } from '@tanstack/react-router';
import { LiveProvider } from '@/api/live/live-context';
import { Breadcrumbs } from './breadcrumbs';
import { Rail } from './rail';
import css from './shell.module.css';
import { ThemeSwitch } from './theme-switch';
import { UserMenu } from './user-menu';

/** What stays while pages change: rail, header, and the tab's live connection. */
export function Shell() {
  const { session } = useRouteContext({ from: '/signed-in' });
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'millwright-rail-collapsed',
    defaultValue: false,
  });
  const narrow = useMediaQuery('(max-width: 768px)') ?? false;
  const [menuOpen, menu] = useDisclosure(false);
  const account = session.account.id;
  return (
    <LiveProvider>
      <div className={css.shell}>
        <a href="#main" className={css.skip}>
          Skip to the content
        </a>
        {narrow ? (
          <Drawer
            opened={menuOpen}
            classNames={{ content: css.drawer, body: css.drawerBody }}
            onClose={menu.close}
            size={240}
            withCloseButton={false}
            padding={0}
          >
            <Rail account={account} collapsed={false} onNavigate={menu.close} />
          </Drawer>
        ) : (
          <Rail
            account={account}
            collapsed={collapsed}
            onCollapse={() => setCollapsed((value) => !value)}
          />
        )}
        <div className={css.column}>
          <header className={css.header}>
            {narrow && (
              <ActionIcon size="lg" aria-label="Open the navigation" onClick={menu.open}>
                <IconMenu2 size={18} />
              </ActionIcon>
            )}
            <Breadcrumbs accountName={session.account.name} />
            <div className={css.tools}>
              <ThemeSwitch />
              <UserMenu user={session.user} />
            </div>
          </header>
          <main id="main" className={css.main} tabIndex={-1}>
            <Outlet />
          </main>
        </div>
      </div>
    </LiveProvider>
  );
}
