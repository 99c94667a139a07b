import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { type IpRule, ipRulesQuery } from './ip-rules-api';
import { RulePanel } from './rule-panel';
import { RuleSwitch } from './rule-switch';
import type { IpRulesSearch } from './search';

const here = '/signed-in/settings/$account/ip-rules';

export function IpRulesPage() {
  useDocumentTitle('IP rules · Millwright');
  const { account } = useParams({ from: here });
  const search = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/ip-rules' });
  const rules = useQuery(ipRulesQuery(account));
  const go = (next: IpRulesSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const opened = search.rule === 'new' ? null : rules.data?.find(({ id }) => id === search.rule);
  // The API says by a rule alone whether they count.
  const first = rules.data?.[0];
  return (
    <Page>
      <PageHeader
        title="IP rules"
        actions={<Button onClick={() => go({ rule: 'new' })}>New rule</Button>}
      />
      {first && <RuleSwitch account={account} enabled={first.rule_set_enabled} />}
      {rules.isError ? (
        <Problem title="The rules could not be read" onRetry={() => void rules.refetch()}>
          {messageOf(rules.error)}
        </Problem>
      ) : rules.data?.length === 0 ? (
        <Empty
          title="Open to all addresses"
          action={<Button onClick={() => go({ rule: 'new' })}>New rule</Button>}
        >
          Rules say from which networks this account can be used: those of your offices, say, or of
          a VPN. They count once you switch them on, and never so that you lock yourself out.
        </Empty>
      ) : (
        <Rules account={account} rules={rules.data} />
      )}
      <RulePanel account={account} rule={opened} onClose={() => go({})} />
    </Page>
  );
}

function Rules({ account, rules }: { account: number; rules: readonly IpRule[] | undefined }) {
  const columns: Column<IpRule>[] = [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(140px, 2fr)',
      cell: ({ id, name, description }) => (
        <Link
          to="/settings/$account/ip-rules"
          params={{ account }}
          search={{ rule: id }}
          className={rowLink}
          title={description ?? undefined}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'type',
      title: 'Does',
      width: '72px',
      cell: ({ type }) => (type === 1 ? 'Allow' : 'Deny'),
    },
    {
      key: 'cidrs',
      title: 'Networks and addresses',
      width: 'minmax(160px, 3fr)',
      cell: ({ cidrs }) => <span className="mono">{cidrs.map(({ cidr }) => cidr).join(', ')}</span>,
    },
    {
      key: 'changed',
      title: 'Changed',
      width: '112px',
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
      align: 'right',
      wideOnly: true,
    },
  ];
  return (
    <DataTable label="IP rules" columns={columns} rows={rules} rowKey={({ id }) => id} inline />
  );
}
