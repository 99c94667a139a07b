import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { chatQuery } from '@/features/chat/chat-api';
import { hasChat } from '@/features/chat/chat-facts';
import css from './settings-layout.module.css';

/** By what one looks for them under. */
const groups: { title: string; pages: [path: string, word: string][] }[] = [
  {
    title: 'Building',
    pages: [
      ['projects', 'Projects'],
      ['connections', 'Connections'],
      ['repositories', 'Repositories'],
    ],
  },
  {
    title: 'People',
    pages: [
      ['users', 'Users'],
      ['groups', 'Groups & permissions'],
      ['licences', 'Licences'],
      ['sso', 'Single sign-on'],
      ['ip-rules', 'IP rules'],
    ],
  },
  {
    title: 'Outside',
    pages: [
      ['tokens', 'API tokens'],
      ['webhooks', 'Webhooks'],
      ['notifications', 'Notifications'],
      ['mail', 'E-mail'],
      ['chat', 'Chat'],
      ['integrations', 'Integrations'],
    ],
  },
  {
    title: 'Account',
    pages: [
      ['account', 'Account'],
      ['audit', 'Audit log'],
      ['usage', 'Usage'],
    ],
  },
];

export function SettingsLayout() {
  const { account } = useParams({ from: '/signed-in/settings/$account' });
  const { pathname } = useLocation();
  const chat = hasChat(useQuery(chatQuery(account)).data);
  return (
    <div className={css.layout}>
      <nav className={css.nav} aria-label="Settings">
        {groups.map(({ title, pages }) => (
          <div key={title} className={css.group}>
            <div className={css.title}>{title}</div>
            {pages.map(([path, word]) => {
              // Gone where the operator has both chats off.
              if (path === 'chat' && !chat) return null;
              const href = `/settings/${account}/${path}`;
              const here = pathname === href || pathname.startsWith(`${href}/`);
              return (
                <Link
                  key={path}
                  to={href}
                  className={css.entry}
                  data-active={here || undefined}
                  aria-current={here ? 'page' : undefined}
                >
                  {word}
                </Link>
              );
            })}
          </div>
        ))}
      </nav>
      <div className={css.content}>
        <Outlet />
      </div>
    </div>
  );
}
