import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { type Column, DataTable } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { TimeAgo } from '@/ui/time-ago';
import { type HostKey, hostKeysQuery, hostName, useForgetHostKey } from './host-keys-api';
import css from './repositories.module.css';

function columnsOf(account: number): Column<HostKey>[] {
  return [
    {
      key: 'host',
      title: 'Host',
      width: 'minmax(160px, 1fr)',
      cell: (key) => <bdi title={hostName(key)}>{hostName(key)}</bdi>,
    },
    {
      key: 'fingerprint',
      title: 'Fingerprint',
      width: 'minmax(200px, 3fr)',
      cell: ({ fingerprint }) => (
        <span className="mono" title={fingerprint}>
          {fingerprint}
        </span>
      ),
    },
    {
      key: 'type',
      title: 'Type',
      width: '144px',
      wideOnly: true,
      cell: ({ key_type }) => key_type,
    },
    {
      key: 'seen',
      title: 'First seen',
      width: '112px',
      wideOnly: true,
      cell: ({ first_seen_at }) => <TimeAgo at={first_seen_at} />,
    },
    {
      key: 'forget',
      title: 'Action',
      width: '96px',
      align: 'right',
      cell: (key) => <Forget account={account} hostKey={key} />,
    },
  ];
}

/** The keys that SSH hosts must show, of git servers and of tunnels; nothing where there are none. */
export function HostKeys({ account }: { account: number }) {
  const list = useQuery(hostKeysQuery(account));
  if (list.data === undefined || list.data.length === 0) return null;
  return (
    <Section
      title="SSH host keys"
      help="What each host showed when a run first came to it. A run ends at a host that shows another key."
    >
      <div className={css.hostKeys}>
        <DataTable
          label="SSH host keys"
          columns={columnsOf(account)}
          rows={list.data}
          rowKey={({ id }) => id}
          rowPx={44}
          inline
        />
      </div>
    </Section>
  );
}

function Forget({ account, hostKey }: { account: number; hostKey: HostKey }) {
  const forget = useForgetHostKey(account);
  return (
    <ConfirmButton
      word="Forget"
      question={`Forget the key of ${hostName(hostKey)}?`}
      pending={forget.isPending}
      error={forget.error ? messageOf(forget.error) : null}
      onConfirm={(close) => forget.mutate(hostKey.id, { onSuccess: close })}
    >
      The next run takes whatever key the host shows then. Do this when the host was given another
      key; compare its fingerprint with what the host's owner says.
    </ConfirmButton>
  );
}
