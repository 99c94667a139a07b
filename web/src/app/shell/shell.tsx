import { ActionIcon } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Outlet, useRouteContext } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { LiveProvider } from '@/api/live/live-context';
import { Breadcrumbs } from './breadcrumbs';
import { Palette } from './palette';
import { Rail } from './rail';
import { RunActivity } from './run-activity';
import css from './shell.module.css';
import { ThemeSwitch } from './theme-switch';
import { UserMenu } from './user-menu';

// Only a narrow window needs it.
const RailDrawer = lazy(async () => ({ default: (await import('./rail-drawer')).RailDrawer }));

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
          <Suspense>
            <RailDrawer account={account} opened={menuOpen} onClose={menu.close} />
          </Suspense>
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
              <Palette account={account} />
              <RunActivity account={account} />
              <ThemeSwitch />
              <UserMenu user={session.user} account={account} />
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
