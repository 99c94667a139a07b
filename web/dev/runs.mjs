// The double's runs: made from scripts, seen at a moment, in the shape of dbt Cloud's API v2.

import { linesOf, randomOf, scriptOf } from './script.mjs';
import { account, causes, environments, jobs, project, user } from './world.mjs';

export const statusWords = {
  1: 'Queued',
  2: 'Starting',
  3: 'Running',
  10: 'Success',
  20: 'Error',
  30: 'Cancelled',
};

const second = 1000;

/** `2026-01-01 10:00:00.123456+00:00`, as API v2 writes a run's times. */
const spaced = (ms) =>
  ms === null ? null : `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000+00:00`;
const isoZ = (ms) => (ms === null ? null : new Date(ms).toISOString());

function clockText(ms) {
  const total = Math.max(0, Math.floor(ms / second));
  const two = (value) => String(value).padStart(2, '0');
  return `${two(Math.floor(total / 3600))}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
}

export class Runs {
  #runs = new Map();
  #nextId = 1;
  #speed;

  constructor({ history, speed, now }) {
    this.#speed = speed;
    const random = randomOf(42);
    let created = now - history * 47 * 60 * second;
    for (let index = 0; index < history; index++) {
      created += (20 + random() * 54) * 60 * second;
      if (created > now - 600 * second) break;
      const job = jobs[Math.floor(random() ** 1.6 * jobs.length)];
      const run = this.create(job.id, causes[Math.floor(random() * causes.length)], created);
      if (random() < 0.04) run.cancelledAt = created + 9 * second;
    }
  }

  create(jobId, cause, created) {
    const job = jobs.find((candidate) => candidate.id === jobId);
    const id = this.#nextId++;
    const run = { id, job, cause, created, cancelledAt: null, script: null };
    this.#runs.set(id, run);
    return run;
  }

  scriptFor(run) {
    run.script ??= scriptOf(run.job, run.id, this.#speed);
    return run.script;
  }

  get(id) {
    return this.#runs.get(id) ?? null;
  }

  newestFirst() {
    return [...this.#runs.values()].reverse();
  }

  cancel(id, now) {
    const run = this.#runs.get(id);
    if (this.statusAt(run, now) < 10) run.cancelledAt = now;
    return run;
  }

  elapsed(run, now) {
    return (Math.min(now, run.cancelledAt ?? now) - run.created) / second;
  }

  statusAt(run, now) {
    const elapsed = this.elapsed(run, now);
    const script = this.scriptFor(run);
    if (elapsed >= script.ends) return script.outcome;
    if (run.cancelledAt !== null && now >= run.cancelledAt) return 30;
    if (elapsed < 2) return 1;
    return elapsed < 3 ? 2 : 3;
  }

  finishedAt(run, now) {
    if (this.statusAt(run, now) < 10) return null;
    return Math.min(
      run.created + this.scriptFor(run).ends * second,
      run.cancelledAt ?? Number.POSITIVE_INFINITY,
    );
  }

  stepsAt(run, now) {
    const elapsed = this.elapsed(run, now);
    const over = this.statusAt(run, now) >= 10;
    return this.scriptFor(run).steps.map((step) => {
      const began = !step.skipped && elapsed >= step.start;
      const done = began && elapsed >= step.end;
      const status = done ? step.outcome : began ? (over ? 30 : 3) : over ? 30 : 1;
      const started = began ? run.created + step.start * second : null;
      const finished = done
        ? run.created + step.end * second
        : began && over
          ? run.cancelledAt
          : null;
      return {
        id: run.id * 100 + step.index,
        run_id: run.id,
        account_id: account.id,
        index: step.index,
        status,
        name: step.name,
        logs: '',
        debug_logs: '',
        started_at: spaced(started),
        finished_at: spaced(finished),
        status_humanized: statusWords[status],
        duration: clockText((finished ?? now) - (started ?? now)),
        run_step_command: step.command,
      };
    });
  }

  nodesAt(run, now) {
    const elapsed = this.elapsed(run, now);
    const latest = new Map();
    for (const step of this.scriptFor(run).steps) {
      if (step.skipped) continue;
      for (const event of step.nodes) {
        if (event.at <= elapsed)
          latest.set(`${step.index} ${event.node.unique_id}`, this.nodeShape(run, step, event));
      }
    }
    return [...latest.values()];
  }

  nodeShape(run, step, { node }) {
    return {
      step: step.index,
      unique_id: node.unique_id,
      name: node.name,
      resource_type: node.resource_type,
      status: node.status,
      index: node.index,
      total: node.total,
      execution_time:
        node.finished === null ? null : Number((node.finished - node.started).toFixed(3)),
      started_at: isoZ(run.created + node.started * second),
      finished_at: node.finished === null ? null : isoZ(run.created + node.finished * second),
      message: node.message,
    };
  }

  lineShape(run, entry) {
    return {
      n: entry.n,
      ts: isoZ(Math.round(run.created + entry.at * second)),
      level: entry.level,
      text: entry.text,
    };
  }

  logAt(run, stepIndex, { after, limit, level }, now) {
    const step = this.scriptFor(run).steps.find((candidate) => candidate.index === stepIndex);
    if (step === undefined) return null;
    const elapsed = step.skipped ? -1 : this.elapsed(run, now);
    const visible = linesOf(step).filter(
      (entry) =>
        entry.at <= elapsed && entry.n > after && (level === 'debug' || entry.level !== 'debug'),
    );
    const page = visible.slice(0, limit);
    const over = this.statusAt(run, now) >= 10 || elapsed >= step.end;
    return {
      lines: page.map((entry) => this.lineShape(run, entry)),
      next_after: page.length > 0 ? page[page.length - 1].n : after,
      complete: over && page.length === visible.length,
    };
  }

  /** Everything that happened in (from, to], for the live socket. */
  eventsBetween(run, from, to) {
    const low = this.elapsed(run, from);
    const high = this.elapsed(run, to);
    const found = [];
    if (high <= low || low > this.scriptFor(run).ends) return found;
    for (const step of this.scriptFor(run).steps) {
      if (step.skipped) continue;
      const lines = linesOf(step).filter((entry) => entry.at > low && entry.at <= high);
      for (let start = 0; start < lines.length; start += 500) {
        found.push({
          type: 'log',
          step: step.index,
          lines: lines.slice(start, start + 500).map((entry) => this.lineShape(run, entry)),
        });
      }
      for (const event of step.nodes) {
        if (event.at > low && event.at <= high)
          found.push({ type: 'node', node: this.nodeShape(run, step, event) });
      }
    }
    return found;
  }

  shapeAt(run, now, withSteps = true) {
    const status = this.statusAt(run, now);
    const elapsed = this.elapsed(run, now);
    const { job, cause, created } = run;
    const dequeued = elapsed >= 2 ? created + 2 * second : null;
    const started = elapsed >= 3 ? created + 3 * second : null;
    const finished = this.finishedAt(run, now);
    const cloned = elapsed >= this.scriptFor(run).steps[0].end && job.plan !== 'no_clone';
    const environment = environments.find((candidate) => candidate.id === job.environment);
    const failed = status === 20;
    return {
      id: run.id,
      trigger_id: run.id + 9000,
      account_id: account.id,
      environment_id: environment.id,
      project_id: project.id,
      job_definition_id: job.id,
      job_id: job.id,
      status,
      dbt_version: '1.11',
      git_branch: cloned ? (cause.branch ?? 'main') : null,
      git_sha: cloned ? '4f2a9c17e0b35d6a8f1c2e9b7d4a6c3f5e8b1d20' : null,
      status_message: failed
        ? failureText(job)
        : status === 30
          ? `Cancelled by ${user.first_name} ${user.last_name}`
          : null,
      artifacts_saved: finished !== null,
      has_docs_generated: Boolean(job.docs) && status === 10,
      blocked_by: [],
      repository: {
        id: 21,
        remote_url: 'git@github.com:northwind/shop.git',
        web_url: null,
      },
      audit: null,
      created_at: spaced(created),
      updated_at: spaced(Math.min(now, finished ?? now)),
      dequeued_at: spaced(dequeued),
      started_at: spaced(started),
      finished_at: spaced(finished),
      status_humanized: statusWords[status],
      in_progress: status < 10,
      is_complete: status >= 10,
      is_success: status === 10,
      is_error: failed,
      is_cancelled: status === 30,
      duration: clockText((finished ?? now) - created),
      queued_duration: clockText((started ?? now) - created),
      run_duration: clockText(started === null ? 0 : (finished ?? now) - started),
      can_retry: failed && job.plan !== 'no_clone',
      retry_not_supported_reason:
        failed && job.plan === 'no_clone'
          ? 'RETRY_NO_RUN_RESULTS'
          : failed
            ? null
            : 'RETRY_NOT_FAILED_RUN',
      href: `/deploy/${account.id}/projects/${project.id}/runs/${run.id}/`,
      job: { id: job.id, name: job.name, schedule: job.schedule ?? null },
      environment: { id: environment.id, name: environment.name },
      trigger: {
        id: run.id + 9000,
        cause: cause.text,
        cause_category: cause.category,
        github_pull_request_id: cause.pullRequest ?? null,
        job_definition_id: job.id,
      },
      run_steps: withSteps ? this.stepsAt(run, now) : [],
    };
  }

  artifactsAt(run, now) {
    const steps = this.stepsAt(run, now).filter((step) => step.finished_at !== null);
    if (steps.length < 4) return [];
    const names = ['manifest.json', 'run_results.json', 'graph.gpickle'];
    if (run.job.docs) names.push('catalog.json', 'index.html');
    const nodes = this.nodesAt(run, now).filter(
      (node) => node.resource_type === 'model' && node.status === 'success',
    );
    return [
      ...names,
      ...nodes.flatMap((node) => [
        `compiled/shop/models/${node.name}.sql`,
        `run/shop/models/${node.name}.sql`,
      ]),
    ];
  }
}

function failureText(job) {
  return job.plan === 'no_clone'
    ? 'Failed at step “Clone git repository”: Remote branch release/2026-q1 not found in upstream origin'
    : `Failed at step “Invoke dbt with \`${job.steps[0]}\`”`;
}
