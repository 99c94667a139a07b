import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { ConfirmButton } from '@/ui/confirm-button';
import type { JobDetail } from '../job-types';
import { useDeleteJob, useStartJob } from '../jobs-api';
import css from './job-page.module.css';
import { RunModal } from './run-modal';

interface JobActionsProps {
  account: number;
  job: JobDetail;
}

export function JobActions({ account, job }: JobActionsProps) {
  const navigate = useNavigate();
  const start = useStartJob(account);
  const [choosing, choose] = useDisclosure(false);
  const open = (run: Run) =>
    void navigate({
      to: '/deploy/$account/projects/$project/runs/$run',
      params: { account, project: run.project_id, run: run.id },
    });
  return (
    <>
      {start.error && (
        <span role="alert" className={css.error}>
          {messageOf(start.error)}
        </span>
      )}
      <Button
        leftSection={<IconPlayerPlayFilled size={12} />}
        loading={start.isPending}
        onClick={() => start.mutate({ job: job.id }, { onSuccess: open })}
      >
        Run now
      </Button>
      <Button variant="default" onClick={choose.open}>
        Run with overrides
      </Button>
      <RunModal
        account={account}
        job={job}
        opened={choosing}
        onClose={choose.close}
        onStarted={open}
      />
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link
            to="/deploy/$account/projects/$project/jobs/$job/edit"
            params={{ account, project: job.project_id, job: job.id }}
            {...props}
          />
        )}
      >
        Edit
      </Button>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link
            to="/deploy/$account/jobs/new"
            params={{ account }}
            search={{ copy: job.id }}
            {...props}
          />
        )}
      >
        Duplicate
      </Button>
      <DeleteJob account={account} job={job} />
    </>
  );
}

function DeleteJob({ account, job }: JobActionsProps) {
  const navigate = useNavigate();
  const remove = useDeleteJob(account);
  return (
    <ConfirmButton
      word="Delete"
      question="Delete this job?"
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={(close) =>
        remove.mutate(job.id, {
          onSuccess: () => {
            close();
            void navigate({ to: '/deploy/$account/jobs', params: { account } });
          },
        })
      }
    >
      <bdi>{job.name}</bdi> never runs again, and its queued runs are cancelled. Runs that it has
      made stay, with their logs and artifacts.
    </ConfirmButton>
  );
}
