import {
  IconApi,
  IconArrowMerge,
  IconCalendarTime,
  IconGitPullRequest,
  IconLink,
  IconPointer,
  IconRefresh,
  type TablerIcon,
} from '@tabler/icons-react';
import type { RunTrigger } from '@/api/types';

const icons: Record<string, TablerIcon> = {
  scheduled: IconCalendarTime,
  api: IconApi,
  ui: IconPointer,
  ci: IconGitPullRequest,
  merge: IconArrowMerge,
  rerun: IconRefresh,
  'job completion': IconLink,
};

const words: Record<string, string> = {
  scheduled: 'Scheduled',
  api: 'Triggered by API',
  ui: 'Triggered in the application',
  ci: 'Pull request',
  merge: 'Merge',
  rerun: 'Rerun',
  'job completion': 'Job completion',
};

export function causeText(trigger: RunTrigger | null): string {
  const category = trigger?.cause_category ?? '';
  return trigger?.cause?.trim() || words[category] || 'Unknown cause';
}

export function CauseIcon({ trigger }: { trigger: RunTrigger | null }) {
  const Icon = icons[trigger?.cause_category ?? ''] ?? IconApi;
  return <Icon size={14} stroke={1.75} aria-hidden="true" />;
}
