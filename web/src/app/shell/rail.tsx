import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconBinaryTree2,
  IconCalendarCog,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPlayerPlay,
  IconServer2,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import css from './shell.module.css';

interface RailProps {
  account: number;
  collapsed: boolean;
  /** Absent where the rail is a drawer, which cannot be narrow. */
  onCollapse?: () => void;
  onNavigate?: () => void;
}

interface Entry {
  word: string;
  icon: TablerIcon;
  href: (account: number) => string;
  /** Which paths belong to it, a thing's own page included. */
  covers: RegExp;
}

/** A link never leads nowhere: sections appear as their pages come to exist. */
const sections: { title: string; entries: Entry[] }[] = [
  {
    title: 'Overview',
    entries: [
      {
        word: 'Dashboard',
        icon: IconLayoutDashboard,
        href: (account) => `/dashboard/${account}`,
        covers: /^\/dashboard/,
      },
    ],
  },
  {
    title: 'Deploy',
    entries: [
      {
        word: 'Runs',
        icon: IconPlayerPlay,
        href: (account) => `/deploy/${account}/runs`,
        covers: /^\/deploy\/.*\/?runs(\/|$)/,
      },
      {
        word: 'Jobs',
        icon: IconCalendarCog,
        href: (account) => `/deploy/${account}/jobs`,
        covers: /^\/deploy\/.*\/?jobs(\/|$)/,
      },
      {
        word: 'Environments',
        icon: IconServer2,
        href: (account) => `/deploy/${account}/environments`,
        covers: /^\/deploy\/.*\/?environments(\/|$)/,
      },
    ],
  },
  {
    title: 'Discover',
    entries: [
      {
        word: 'Catalog',
        icon: IconBinaryTree2,
        href: (account) => `/explore/${account}`,
        covers: /^\/explore/,
      },
    ],
  },
  {
    title: 'Manage',
    entries: [
      {
        word: 'Settings',
        icon: IconSettings,
        href: (account) => `/settings/${account}`,
        covers: /^\/settings/,
      },
    ],
  },
];

export function Rail({ account, collapsed, onCollapse, onNavigate }: RailProps) {
  const { pathname } = useLocation();
  return (
    <nav className={css.rail} data-collapsed={collapsed || undefined} aria-label="Main">
      <Link to="/" className={css.brand} aria-label="Millwright, start page">
        <img src="/favicon.svg" alt="" width={24} height={24} />
        {!collapsed && <span>Millwright</span>}
      </Link>
      {sections.map(({ title, entries }) => (
        <div key={title}>
          {!collapsed && <div className={css.sectionTitle}>{title}</div>}
          {entries.map(({ word, icon: Icon, href, covers }) => (
            <Tooltip key={word} label={word} position="right" disabled={!collapsed}>
              <Link
                to={href(account)}
                className={css.entry}
                aria-label={word}
                data-active={covers.test(pathname) || undefined}
                onClick={() => onNavigate?.()}
              >
                <Icon size={18} stroke={1.75} aria-hidden="true" />
                {!collapsed && <span>{word}</span>}
              </Link>
            </Tooltip>
          ))}
        </div>
      ))}
      {onCollapse && (
        <ActionIcon
          className={css.collapse}
          aria-label={collapsed ? 'Widen the navigation' : 'Narrow the navigation'}
          aria-expanded={!collapsed}
          onClick={onCollapse}
        >
          {collapsed ? (
            <IconLayoutSidebarLeftExpand size={18} />
          ) : (
            <IconLayoutSidebarLeftCollapse size={18} />
          )}
        </ActionIcon>
      )}
    </nav>
  );
}
