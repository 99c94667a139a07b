/** How clients are told of this installation: each has names of its own for the same three things. */

export interface ClientSnippet {
  key: string;
  title: string;
  code: string;
}

export function clientSnippets(origin: string, account: number): ClientSnippet[] {
  const { host } = new URL(origin);
  return [
    {
      key: 'cli',
      title: 'dbt-cloud-cli',
      code: [
        `export DBT_CLOUD_HOST=${host}`,
        `export DBT_CLOUD_ACCOUNT_ID=${account}`,
        'export DBT_CLOUD_API_TOKEN=TOKEN',
      ].join('\n'),
    },
    {
      key: 'terraform',
      title: 'Terraform',
      code: [
        `export DBT_CLOUD_HOST_URL=${origin}/api`,
        `export DBT_CLOUD_ACCOUNT_ID=${account}`,
        'export DBT_CLOUD_TOKEN=TOKEN',
      ].join('\n'),
    },
    {
      key: 'curl',
      title: 'curl',
      code: [
        'curl -H "Authorization: Token TOKEN" \\',
        `  "${origin}/api/v2/accounts/${account}/runs/?limit=5&order_by=-id"`,
      ].join('\n'),
    },
  ];
}
