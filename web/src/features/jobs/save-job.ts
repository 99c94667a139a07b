import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { v2, v3 } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/keys';
import { bodyOf, type JobDraft } from './draft';
import type { JobDetail, JobVariable } from './job-types';
import { readJob } from './jobs-api';
import { type VariableChange, variableChanges } from './variable-changes';

async function applyVariable(
  account: number,
  project: number,
  job: number,
  change: VariableChange,
) {
  const path = `/accounts/${account}/projects/${project}/environment-variables/`;
  if (change.kind === 'delete') return void (await v3.delete(`${path}${change.id}/`));
  const value = { name: change.name, raw_value: change.value };
  try {
    if (change.kind === 'update') await v3.post(`${path}${change.id}/`, { body: value });
    else await v3.post(path, { body: { ...value, type: 'job', job_definition_id: job } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Said at the variable's own row; the job itself is saved by now.
    const fields = Object.entries(error.fields).map(([field, said]) => [
      `variables.${change.place}.${field === 'raw_value' ? 'value' : field}`,
      said,
    ]);
    throw new ApiError({
      kind: error.kind,
      httpStatus: error.httpStatus,
      userMessage: `The job is saved, but not the variable ${change.name}: ${error.message}`,
      fields: Object.fromEntries(fields),
    });
  }
}

function changedMeanwhile(): ApiError {
  return new ApiError({
    kind: 'conflict',
    httpStatus: 409,
    userMessage:
      'Somebody else has changed this job since you opened it. Saving again replaces their changes by yours; to see ' +
      'theirs first, open the job in another tab.',
  });
}

/** How far saving has come: a second attempt goes on from there instead of making a second job. */
interface Progress {
  id: number | null;
  /** The state of the job that the form was filled from, or that was confirmed to be overwritten. */
  seen: string | null;
  variables: readonly JobVariable[];
}

/** Saves a draft: the job, its variables, and deferral to itself, which needs its id. */
export function useSaveJob(account: number, source: JobDetail | null, isCopy: boolean) {
  const queryClient = useQueryClient();
  const edited = isCopy ? null : source;
  const progress = useRef<Progress>({
    id: edited?.id ?? null,
    seen: edited?.updated_at ?? null,
    variables: edited?.custom_environment_variables ?? [],
  });
  const write = async (draft: JobDraft, completionProject: number | null): Promise<JobDetail> => {
    const at = progress.current;
    const path = `/accounts/${account}/jobs/`;
    const body = (id: number | null) => bodyOf({ draft, source, id, completionProject });
    if (at.id !== null) {
      const now = await readJob(account, at.id);
      if (now.updated_at !== at.seen) {
        at.seen = now.updated_at;
        throw changedMeanwhile();
      }
      return (await v2.post<JobDetail>(`${path}${at.id}/`, { body: body(at.id) })).data;
    }
    const made = (await v2.post<JobDetail>(path, { body: body(null) })).data;
    at.id = made.id;
    at.seen = made.updated_at;
    if (draft.deferral !== 'self') return made;
    const itself = { deferring_job_definition_id: made.id };
    return (await v2.post<JobDetail>(`${path}${made.id}/`, { body: itself })).data;
  };
  return useMutation({
    mutationFn: async (input: { draft: JobDraft; completionProject: number | null }) => {
      const at = progress.current;
      const job = await write(input.draft, input.completionProject);
      at.seen = job.updated_at;
      const drafts = input.draft.variables;
      for (const change of variableChanges(at.variables, drafts))
        await applyVariable(account, job.project_id, job.id, change);
      return job;
    },
    onError: async () => {
      const at = progress.current;
      if (at.id === null) return;
      // What is stored of the variables by now; ids of those that an attempt has made already.
      const stored = await readJob(account, at.id).catch(() => null);
      if (stored !== null) at.variables = stored.custom_environment_variables ?? at.variables;
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'variables') });
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.of(account, 'jobs') }),
  });
}
