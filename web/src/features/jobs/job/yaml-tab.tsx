import { Button } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { copyWord, useCopy } from '@/ui/copy';
import { Section } from '@/ui/page';
import type { JobDetail } from '../job-types';
import { jobYaml, yamlKey } from '../job-yaml';
import css from './job-page.module.css';

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** The job as a file, for those who keep their jobs in git. */
export function YamlTab({ job }: { job: JobDetail }) {
  const yaml = useMemo(() => jobYaml(job), [job]);
  const { result, copy } = useCopy();
  return (
    <Section
      title="As a file of dbt-jobs-as-code"
      help="Keep it in git: “link” takes this job over by its linked_id, “plan” and “sync” bring it to what the file says."
      actions={
        <>
          <Button
            variant="default"
            leftSection={result === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={() => copy(yaml)}
          >
            {copyWord(result, 'Copy')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => download(`${yamlKey(job)}.yml`, yaml)}
          >
            Download
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: Chromium lets one scroll by keys only what has the focus. */}
      <section className={css.yaml} aria-label="The job as YAML" tabIndex={0}>
        <pre className="mono">{yaml}</pre>
      </section>
    </Section>
  );
}
