import { useCallback, useMemo, useState } from 'react';
import { draftProblems, type JobDraft } from '../draft';

/** Where the server says what is wrong with a part of the draft. */
const wireNames: Partial<Record<keyof JobDraft, string>> = {
  projectId: 'project_id',
  environmentId: 'environment_id',
  name: 'name',
  description: 'description',
  dbtVersion: 'dbt_version',
  steps: 'execute_steps',
  threads: 'settings.threads',
  targetName: 'settings.target_name',
  timeoutSeconds: 'execution.timeout_seconds',
  memoryMb: 'execution.memory_limit_mb',
  cpus: 'execution.cpu_limit',
  processes: 'execution.process_limit',
  onSchedule: 'schedule',
  schedule: 'schedule',
  compareChanges: 'compare_changes_flags',
  compareFlags: 'compare_changes_flags',
  onCompletion: 'completion',
  completionJob: 'completion',
  completionStatuses: 'completion',
  deferral: 'deferring',
  deferringEnvironment: 'deferring',
  deferringJob: 'deferring',
  variables: 'variables',
};

const shownAt = new RegExp(`^(${[...new Set(Object.values(wireNames))].join('|')})([._[]|$)`);

/** Whether a field of the wire has an input here. */
export function isShown(field: string): boolean {
  return shownAt.test(field);
}

type Problems = Record<string, string>;

function without(problems: Problems, prefixes: readonly string[]): Problems {
  const kept = Object.entries(problems).filter(
    ([field]) => !prefixes.some((prefix) => field.startsWith(prefix)),
  );
  return kept.length === Object.keys(problems).length ? problems : Object.fromEntries(kept);
}

export interface DraftForm {
  draft: JobDraft;
  /** What is wrong, by the wire's names; goes away where something is typed. */
  problems: Problems;
  /** `at` narrows which of the part's problems that settles. */
  set: (patch: Partial<JobDraft>, at?: string) => void;
  setProblems: (problems: Problems) => void;
  /** Says what is missing; true when nothing is. */
  check: () => boolean;
  dirty: boolean;
}

export function useJobDraft(initial: JobDraft): DraftForm {
  const [first] = useState(initial);
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState<Problems>({});
  const set = useCallback((patch: Partial<JobDraft>, at?: string) => {
    setDraft((before) => ({ ...before, ...patch }));
    const names = Object.keys(patch).map((key) => wireNames[key as keyof JobDraft] ?? key);
    setProblems((before) => without(before, at === undefined ? names : [at]));
  }, []);
  const dirty = useMemo(() => JSON.stringify(draft) !== JSON.stringify(first), [draft, first]);
  const check = () => {
    const found = draftProblems(draft);
    setProblems(found);
    return Object.keys(found).length === 0;
  };
  return { draft, problems, set, setProblems, check, dirty };
}

/** A part of the form. */
export interface PartProps {
  form: DraftForm;
}
