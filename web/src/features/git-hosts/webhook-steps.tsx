import { CodeBlock } from '@/ui/code-block';
import { ShownOnce } from '@/ui/shown-once';
import css from './git-host.module.css';
import type { HostLink } from './git-hosts-api';
import { hostKinds } from './host-kinds';

interface WebhookStepsProps {
  link: HostLink;
  /** In the answer that made it; null: it was shown before. */
  secret: string | null;
}

/** What to enter at the host, so that it tells of pull requests and merges. */
export function WebhookSteps({ link, secret }: WebhookStepsProps) {
  const { word, steps } = hostKinds[link.kind];
  return (
    <section aria-label="Webhook">
      <h3 className={css.title}>Webhook at {word}</h3>
      <ol className={css.steps}>
        {steps.map(({ words, copies }) => (
          <li key={words}>
            {words}
            {copies === 'url' && (
              <div className={css.copy}>
                <CodeBlock code={link.webhook_url} label="webhook URL" />
              </div>
            )}
            {copies === 'secret' &&
              (secret === null ? (
                <> the one that was shown. If it is lost, rotate it.</>
              ) : (
                <div className={css.copy}>
                  <ShownOnce what="webhook secret" text={secret}>
                    Copy it to the host now: it is shown only this once.
                  </ShownOnce>
                </div>
              ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
