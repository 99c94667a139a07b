import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { licenceWord } from '@/features/users/licence';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { type LicenceMap, licenceMapsQuery } from './licences-api';
import { MapPanel } from './map-panel';
import type { LicencesSearch } from './search';
import { SeatsList } from './seats';

const here = '/signed-in/settings/$account/licences';

export function LicencesPage() {
  useDocumentTitle('Licences · Millwright');
  const { account } = useParams({ from: here });
  const { map } = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/licences' });
  const maps = useQuery(licenceMapsQuery(account));
  const go = (search: LicencesSearch) =>
    void navigate({ params: { account }, search, replace: true });
  const opened = map === 'new' ? null : maps.data?.find(({ id }) => id === map);
  return (
    <Page>
      <PageHeader title="Licences" />
      <Section
        title="Seats"
        help="A licence limits what a person may do, whatever their groups give. It is chosen on each person's own page."
      >
        <SeatsList account={account} />
      </Section>
      <Section
        title="Licence maps"
        help="At each single sign-on, the groups that a person has at the identity provider choose their licence: of several, the one that may do most."
        actions={<Button onClick={() => go({ map: 'new' })}>New licence map</Button>}
      >
        {maps.isError ? (
          <Problem title="The licence maps could not be read" onRetry={() => void maps.refetch()}>
            {messageOf(maps.error)}
          </Problem>
        ) : (
          <Maps account={account} maps={maps.data} />
        )}
      </Section>
      <MapPanel account={account} map={opened} onClose={() => go({})} />
    </Page>
  );
}

function Maps({ account, maps }: { account: number; maps: readonly LicenceMap[] | undefined }) {
  if (maps?.length === 0)
    return (
      <Empty title="No licence maps">
        A licence map says which groups of an identity provider stand for which licence.
      </Empty>
    );
  const columns: Column<LicenceMap>[] = [
    {
      key: 'groups',
      title: 'Groups of the identity provider',
      width: 'minmax(160px, 3fr)',
      cell: ({ id, sso_license_mapping_groups }) => (
        <Link
          to="/settings/$account/licences"
          params={{ account }}
          search={{ map: id }}
          className={rowLink}
        >
          <bdi>{sso_license_mapping_groups.join(', ') || 'None'}</bdi>
        </Link>
      ),
    },
    {
      key: 'licence',
      title: 'Licence',
      width: '120px',
      cell: ({ license_type }) => licenceWord(license_type),
    },
  ];
  return (
    <DataTable label="Licence maps" columns={columns} rows={maps} rowKey={({ id }) => id} inline />
  );
}
