/** Where one is in the guided set-up: the ids of what was made, all in the address. */
export interface SetUpSearch {
  project?: number;
  connection?: number;
  credentials?: number;
  environment?: number;
  repository?: number;
  /** The environment was looked at. */
  checked?: true;
  job?: number;
  run?: number;
  /** A step that one went back to, or is not done with. */
  step?: Step;
}

export const steps = ['warehouse', 'repository', 'environment', 'job', 'run'] as const;
export type Step = (typeof steps)[number];

export const stepWord: Record<Step, string> = {
  warehouse: 'Connect your warehouse',
  repository: 'Connect your repository',
  environment: 'Check the environment',
  job: 'Make a job',
  run: 'Run it',
};

const ids = [
  'project',
  'connection',
  'credentials',
  'environment',
  'repository',
  'job',
  'run',
] as const;

export function readSetUpSearch(search: Record<string, unknown>): SetUpSearch {
  const read: SetUpSearch = {};
  for (const name of ids) {
    const id = Number(search[name]);
    if (Number.isSafeInteger(id) && id > 0) read[name] = id;
  }
  if (search['checked'] === true) read.checked = true;
  const step = steps.find((each) => each === search['step']);
  if (step !== undefined) read.step = step;
  return read;
}

export function isDone(step: Step, search: SetUpSearch): boolean {
  switch (step) {
    case 'warehouse':
      return search.environment !== undefined;
    case 'repository':
      return search.repository !== undefined;
    case 'environment':
      return search.checked === true || search.job !== undefined;
    case 'job':
      return search.job !== undefined;
    case 'run':
      return search.run !== undefined;
  }
}

function firstOpen(search: SetUpSearch): Step {
  return steps.find((step) => !isDone(step, search)) ?? 'run';
}

/** Every step up to the first one that is not done can be gone to. */
export function isReachable(step: Step, search: SetUpSearch): boolean {
  return steps.indexOf(step) <= steps.indexOf(firstOpen(search));
}

export function currentStep(search: SetUpSearch): Step {
  const { step } = search;
  return step !== undefined && isReachable(step, search) ? step : firstOpen(search);
}

interface Started {
  projects: readonly { id: number; name: string; repository_id: number | null }[];
  environments: readonly {
    id: number;
    project_id: number;
    type: string;
    connection_id: number | null;
    credentials_id: number | null;
  }[];
  jobs: readonly { project_id: number }[];
}

/** Projects in which nothing runs yet, and how far they have come; the newest first. */
export function unfinished({ projects, environments, jobs }: Started): {
  name: string;
  search: SetUpSearch;
}[] {
  const withJobs = new Set(jobs.map(({ project_id }) => project_id));
  return projects
    .filter(({ id }) => !withJobs.has(id))
    .sort((a, b) => b.id - a.id)
    .map(({ id, name, repository_id }) => {
      const search: SetUpSearch = { project: id };
      if (repository_id !== null) search.repository = repository_id;
      const found = environments.find(
        (each) =>
          each.project_id === id &&
          each.type === 'deployment' &&
          each.connection_id !== null &&
          each.credentials_id !== null,
      );
      if (found?.connection_id && found.credentials_id) {
        search.environment = found.id;
        search.connection = found.connection_id;
        search.credentials = found.credentials_id;
      }
      return { name, search };
    });
}
