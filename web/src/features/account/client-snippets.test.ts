import { expect, test } from 'vitest';
import { clientSnippets } from './client-snippets';

test('clients get the host in the form that each of them takes', () => {
  const [cli, terraform, curl] = clientSnippets('https://dbt.example.com:8443', 7);
  expect(cli?.code).toContain('DBT_CLOUD_HOST=dbt.example.com:8443\n');
  expect(terraform?.code).toContain('DBT_CLOUD_HOST_URL=https://dbt.example.com:8443/api\n');
  expect(curl?.code).toContain('https://dbt.example.com:8443/api/v2/accounts/7/runs/');
});
