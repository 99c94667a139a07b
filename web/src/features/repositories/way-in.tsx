import { CodeBlock } from '@/ui/code-block';
import css from './repositories.module.css';
import type { Repository } from './repositories-api';
import { whereToPutTheKey } from './repository-draft';

/** What is still to be done at the git host, or with the empty repository, before dbt can fetch code. */
export function WayIn({ repository }: { repository: Repository }) {
  if (repository.remote_backend === 'managed') return <Managed repository={repository} />;
  if (repository.deploy_key === null) return null;
  const where = whereToPutTheKey(repository.remote_url);
  return (
    <div className={css.box}>
      <strong>Deploy key</strong>
      <p className={css.text}>
        Give this public key to your git host, for this repository
        {where === null ? '' : `: ${where}`}. Reading is enough. Until then, runs end at the step
        that clones the repository.
      </p>
      <CodeBlock code={repository.deploy_key.public_key} label="deploy key" />
    </div>
  );
}

function Managed({ repository }: { repository: Repository }) {
  return (
    <div className={css.box}>
      <strong>Push your code here</strong>
      <p className={css.text}>
        Any git client can fetch and push. The user name can be anything; the password is an API
        token.
      </p>
      <CodeBlock
        code={`git remote add millwright ${repository.remote_url}\ngit push millwright HEAD:main`}
        label="commands"
      />
    </div>
  );
}
