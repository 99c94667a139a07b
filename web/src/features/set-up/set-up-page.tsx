import { UnstyledButton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconCircle, IconCircleCheckFilled, IconCircleDot } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Begun } from './begun';
import { EnvironmentStep } from './environment-step';
import { JobStep } from './job-step';
import { RepositoryStep } from './repository-step';
import { RunStep } from './run-step';
import css from './set-up.module.css';
import {
  currentStep,
  isDone,
  isReachable,
  type SetUpSearch,
  type Step,
  steps,
  stepWord,
} from './steps';
import { WarehouseStep } from './warehouse-step';

export interface StepProps {
  account: number;
  search: SetUpSearch;
  /** Adds to what the address says; `step: undefined` goes on to what is to be done next. */
  go: (made: Partial<Record<keyof SetUpSearch, unknown>>) => void;
}

const parts: Record<Step, (props: StepProps) => React.ReactNode> = {
  warehouse: WarehouseStep,
  repository: RepositoryStep,
  environment: EnvironmentStep,
  job: JobStep,
  run: RunStep,
};

/** From nothing to a first run, step by step; what was made is in the address. */
export function SetUpPage() {
  useDocumentTitle('Set up · Millwright');
  const { account } = useParams({ from: '/signed-in/set-up/$account' });
  const search = useSearch({ from: '/signed-in/set-up/$account' });
  const navigate = useNavigate({ from: '/set-up/$account' });
  const go: StepProps['go'] = (made) =>
    void navigate({
      params: { account },
      search: (before) => ({ ...before, ...made }) as SetUpSearch,
      // What is made can't be unmade by the browser's Back.
      replace: true,
      ignoreBlocker: true,
    });
  const step = currentStep(search);
  const Part = parts[step];
  return (
    <Page>
      <PageHeader
        title="Set up dbt"
        facts="Five steps to a first run of your own project. Everything is kept as you go: leave when you like, and come back by this page's address."
      />
      {search.project === undefined && <Begun account={account} />}
      <div className={css.layout}>
        <StepList account={account} search={search} current={step} />
        <section className={css.step} aria-labelledby="step-title">
          <h2 className={css.title} id="step-title">
            {stepWord[step]}
          </h2>
          <Part key={step} account={account} search={search} go={go} />
        </section>
      </div>
    </Page>
  );
}

interface StepListProps {
  account: number;
  search: SetUpSearch;
  current: Step;
}

function StepList({ account, search, current }: StepListProps) {
  const navigate = useNavigate({ from: '/set-up/$account' });
  return (
    <nav aria-label="Steps" className={css.steps}>
      <ol className={css.list}>
        {steps.map((step, place) => {
          const done = isDone(step, search);
          const Icon = step === current ? IconCircleDot : done ? IconCircleCheckFilled : IconCircle;
          return (
            <li key={step}>
              <UnstyledButton
                className={css.entry}
                disabled={!isReachable(step, search)}
                aria-current={step === current ? 'step' : undefined}
                data-done={done || undefined}
                onClick={() =>
                  void navigate({
                    params: { account },
                    search: (before: SetUpSearch) => ({ ...before, step }),
                    replace: true,
                  })
                }
              >
                <Icon size={18} aria-hidden="true" className={css.icon} />
                <span>
                  {place + 1}. {stepWord[step]}
                </span>
                {done && <span className={css.hidden}>, done</span>}
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
