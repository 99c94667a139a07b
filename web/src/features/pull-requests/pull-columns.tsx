import {
  IconExternalLink,
  IconGitMerge,
  IconGitPullRequest,
  IconGitPullRequestClosed,
  IconGitPullRequestDraft,
  type TablerIcon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { AboveLink, type Column, rowLink } from '@/ui/data-table';
import { TimeAgo } from '@/ui/time-ago';
import type { Repository } from '../repositories/repositories-api';
import css from './pull-requests.module.css';
import type { PullRequest } from './pull-requests-api';

const statuses: Record<string, { word: string; Icon: TablerIcon }> = {
  draft: { word: 'Draft', Icon: IconGitPullRequestDraft },
  open: { word: 'Open', Icon: IconGitPullRequest },
  merged: { word: 'Merged', Icon: IconGitMerge },
  closed: { word: 'Closed', Icon: IconGitPullRequestClosed },
};

function Status({ status, is_draft }: PullRequest) {
  const { word, Icon } = statuses[status === 'open' && is_draft ? 'draft' : status] ?? {
    word: status,
    Icon: IconGitPullRequest,
  };
  return (
    <span className={css.state}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {word}
    </span>
  );
}

export function pullColumns(account: number, repository: Repository): Column<PullRequest>[] {
  return [
    {
      key: 'title',
      title: 'Pull request',
      width: 'minmax(160px, 4fr)',
      cell: ({ number, title, head_branch }) => (
        <Link
          to="/deploy/$account/runs"
          params={{ account }}
          search={{ project: repository.project_id, branch: head_branch }}
          className={`${rowLink} ${css.title}`}
          title={title}
        >
          <span className={css.number}>#{number}</span> <bdi>{title}</bdi>
        </Link>
      ),
    },
    {
      key: 'author',
      title: 'Author',
      width: 'minmax(64px, 1fr)',
      wideOnly: true,
      cell: ({ author }) => <bdi title={author}>{author}</bdi>,
    },
    {
      key: 'branches',
      title: 'Branches',
      wideOnly: true,
      width: 'minmax(120px, 3fr)',
      cell: ({ head_branch, base_branch }) => (
        <span className={`mono ${css.branches}`} title={`${head_branch} → ${base_branch}`}>
          <bdi className={css.head}>{head_branch}</bdi>
          <bdi className={css.base}>→ {base_branch}</bdi>
        </span>
      ),
    },
    { key: 'status', title: 'Status', width: '84px', cell: (each) => <Status {...each} /> },
    {
      key: 'changed',
      title: 'Changed',
      width: '88px',
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
    },
    {
      key: 'host',
      title: 'Host',
      width: '40px',
      cell: ({ number, url }) =>
        /^https?:\/\//.test(url) && (
          <AboveLink>
            <a
              href={url}
              target="_blank"
              rel="noreferrer"
              className={css.open}
              aria-label={`Open #${number} at the git host`}
              title={`Open #${number} at the git host`}
            >
              <IconExternalLink size={14} stroke={1.75} aria-hidden="true" />
            </a>
          </AboveLink>
        ),
    },
  ];
}
