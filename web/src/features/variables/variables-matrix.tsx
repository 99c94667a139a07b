import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { isSecretName, projectPlace, rowsOf, type VariableRow } from './matrix';
import { VariablePanel } from './variable-panel';
import css from './variables.module.css';
import { variablesQuery } from './variables-api';

interface VariablesMatrixProps {
  account: number;
  project: number;
  /** The variable whose panel is open; `new` for one to come. */
  opened: string | undefined;
  onOpen: (name: string | undefined) => void;
  /** Only the project's and this environment's column. */
  environment?: string;
}

/** A project's environment variables: a row each, the project's default first, then each environment. */
export function VariablesMatrix(props: VariablesMatrixProps) {
  const { account, project, opened, onOpen, environment } = props;
  const query = useQuery(variablesQuery(account, project));
  if (query.isError && query.data === undefined)
    return (
      <Problem
        title="The environment variables could not be read"
        onRetry={() => void query.refetch()}
      >
        {messageOf(query.error)}
      </Problem>
    );
  if (query.data === undefined) return <Skeleton height={160} />;
  const rows = rowsOf(query.data);
  const places = query.data.environments.filter(
    (place) => environment === undefined || place === projectPlace || place === environment,
  );
  const row = rows.find(({ name }) => name === opened);
  const add = <Button onClick={() => onOpen('new')}>New variable</Button>;
  return (
    <Section
      title="Environment variables"
      actions={rows.length > 0 && add}
      help={
        <>
          Read in dbt by <code>env_var('DBT_…')</code>. An environment's own value wins over the
          project's default.
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No environment variables yet" action={add}>
          They let the same code behave differently in each environment: another source database, a
          smaller window of data, a token for a package. Values of names that begin with{' '}
          <code>DBT_ENV_SECRET_</code> are stored encrypted and are never shown.
        </Empty>
      ) : (
        <Matrix rows={rows} places={places} onOpen={onOpen} />
      )}
      <SidePanel
        title={row?.name ?? 'New variable'}
        opened={row !== undefined || opened === 'new'}
        onClose={() => onOpen(undefined)}
      >
        <VariablePanel
          key={opened}
          account={account}
          project={project}
          row={row}
          taken={rows.map(({ name }) => name)}
          places={query.data.environments}
          onDone={() => onOpen(undefined)}
        />
      </SidePanel>
    </Section>
  );
}

export function wordOfPlace(place: string): string {
  return place === projectPlace ? 'Project default' : place;
}

interface MatrixProps {
  rows: readonly VariableRow[];
  places: readonly string[];
  onOpen: (name: string) => void;
}

function Matrix({ rows, places, onOpen }: MatrixProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys.
    // biome-ignore lint/a11y/useSemanticElements: a region that scrolls.
    <div className={css.frame} tabIndex={0} role="region" aria-label="Values by environment">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {places.map((place) => (
              <th key={place} scope="col">
                <bdi>{wordOfPlace(place)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <button type="button" className={css.name} onClick={() => onOpen(row.name)}>
                  {row.name}
                </button>
              </th>
              {places.map((place) => (
                <td key={place}>
                  <Value row={row} place={place} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ row, place }: { row: VariableRow; place: string }) {
  const value = row.values[place];
  if (value === undefined) {
    const inherits = place !== projectPlace && row.values[projectPlace] !== undefined;
    return <span className={css.none}>{inherits ? 'default' : '–'}</span>;
  }
  if (isSecretName(row.name)) return <span>••••••••</span>;
  if (value === '') return <span className={css.none}>empty</span>;
  return (
    <bdi className={`${css.value} mono`} title={value}>
      {value}
    </bdi>
  );
}
