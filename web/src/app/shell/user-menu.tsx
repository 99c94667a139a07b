import { Menu, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { useSignOut } from '@/features/session/session-api';
import css from './shell.module.css';

export function nameOf(user: User): string {
  return `${user.first_name} ${user.last_name}`.trim() || user.email;
}

function initialsOf(user: User): string {
  const letters = [user.first_name, user.last_name].map((name) => Array.from(name.trim())[0] ?? '');
  return letters.join('').toUpperCase() || Array.from(user.email)[0]?.toUpperCase() || '?';
}

export function UserMenu({ user, account }: { user: User; account: number }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220} transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <UnstyledButton
          className={css.avatar}
          aria-label={`${initialsOf(user)}, user menu of ${nameOf(user)}`}
        >
          {initialsOf(user)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css.identity}>
          <bdi className={css.identityName}>{nameOf(user)}</bdi>
          <span className={css.identityEmail}>{user.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={16} />}
          renderRoot={(props) => <Link to={`/settings/${account}/profile`} {...props} />}
        >
          Profile & sign-in
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
