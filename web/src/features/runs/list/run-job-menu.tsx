import { Button, Menu, Skeleton } from '@mantine/core';
import { IconChevronDown, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import type { Job } from '@/api/types';
import { jobsQuery, useRunJob } from '../runs-api';
import css from './run-job-menu.module.css';

/** The page's primary action: starts a job and goes to its run. */
export function RunJobMenu({ account }: { account: number }) {
  const [opened, setOpened] = useState(false);
  const jobs = useQuery({ ...jobsQuery(account), enabled: opened });
  const start = useRunJob(account);
  const navigate = useNavigate();
  const choose = (job: Job) =>
    start.mutate(
      { job: job.id, cause: 'Started in the web application' },
      {
        onSuccess: (run) =>
          void navigate({
            to: '/deploy/$account/projects/$project/runs/$run',
            params: { account, project: run.project_id, run: run.id },
          }),
      },
    );
  return (
    <div className={css.place}>
      {start.error && (
        <span role="alert" className={css.error}>
          {messageOf(start.error)}
        </span>
      )}
      <Menu
        classNames={{ itemLabel: css.label }}
        opened={opened}
        onChange={setOpened}
        position="bottom-end"
        transitionProps={{ duration: 80 }}
      >
        <Menu.Target>
          <Button
            leftSection={<IconPlayerPlayFilled size={12} />}
            rightSection={<IconChevronDown size={14} />}
            loading={start.isPending}
          >
            Run a job
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={css.list}>
          {jobs.isPending && <Skeleton height={14} width={180} m={10} />}
          {jobs.isError && <Menu.Label>{messageOf(jobs.error)}</Menu.Label>}
          {jobs.data?.length === 0 && <Menu.Label>There are no jobs yet</Menu.Label>}
          {jobs.data?.map((job) => (
            <Menu.Item key={job.id} onClick={() => choose(job)}>
              <bdi className={css.name} title={job.name}>
                {job.name}
              </bdi>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
