// A run as a script: every log line and node event with its offset in seconds. What a reader sees at
// a moment is then a pure function of the time elapsed, for finished and for running runs alike.

import { projectNodes } from './world.mjs';

const green = (text) => `\u001b[32m${text}\u001b[0m`;
const red = (text) => `\u001b[31m${text}\u001b[0m`;
const yellow = (text) => `\u001b[33m${text}\u001b[0m`;

/** A small deterministic generator (mulberry32), so that a run reads the same at every request. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const line = (at, level, text) => ({ at, level, text });

function plainStep(name, command, start, seconds, texts, outcome = 10) {
  const lines = texts.map((text, index) =>
    line(
      start + (seconds * index) / texts.length,
      text.startsWith('debug ') ? 'debug' : 'info',
      text.replace(/^debug /, ''),
    ),
  );
  return { name, command, start, end: start + seconds, outcome, lines, nodes: [] };
}

const binderError = (name) =>
  [
    `Runtime Error in model ${name} (models/marts/${name}.sql)`,
    '  Binder Error: Referenced column "order_totl" not found in FROM clause!',
    '  Candidate bindings: "order_total", "order_id", "order_date"',
    '',
    '  LINE 14:     sum(order_totl) as gross_revenue,',
    '                   ^',
  ].join('\n');

function outcomeOf(node, plan, failed) {
  if (
    failed.size > 0 &&
    (failed.has(node.parent) ||
      ['fct_daily_sales', 'fct_store_sales', 'product_margins'].includes(node.name) ||
      ['fct_daily_sales', 'fct_store_sales', 'product_margins'].includes(node.parent))
  ) {
    return { status: 'skipped', message: 'Skipped: a node that it depends on did not succeed' };
  }
  if (plan === 'broken' && node.name === 'fct_orders')
    return { status: 'error', message: binderError(node.name) };
  if (plan === 'failing_test' && node.name === 'unique_stg_payments_id') {
    return { status: 'fail', message: 'Got 3 results, configured to fail if != 0' };
  }
  if (node.resource_type === 'test') {
    return node.name === 'relationships_int_returns_id'
      ? { status: 'warn', message: 'Got 12 results, configured to warn if != 0' }
      : { status: 'pass', message: null };
  }
  return {
    status: 'success',
    message:
      node.materialized === 'view' ? 'CREATE VIEW' : `OK ${1200 + node.name.length * 913} rows`,
  };
}

const shown = {
  success: (word) => green(word),
  pass: () => green('PASS'),
  warn: () => yellow('WARN 12'),
  fail: () => red('FAIL 3'),
  error: () => red('ERROR'),
  skipped: () => yellow('SKIP'),
};

function invocation(command, plan, start, random, speed) {
  const nodes = projectNodes();
  const lines = [];
  const filler = [];
  const events = [];
  const failed = new Set();
  let at = start + 0.3;
  lines.push(line(at, 'info', 'Running with dbt=1.11.16'));
  lines.push(
    line(
      at,
      'debug',
      "running dbt with arguments {'printer_width': '80', 'indirect_selection': 'eager', 'log_format': 'default'}",
    ),
  );
  lines.push(line(at + 0.1, 'info', 'Registered adapter: duckdb=1.11.1'));
  lines.push(
    line(
      at + 0.5,
      'info',
      'Found 25 models, 6 seeds, 1 snapshot, 75 data tests, 6 sources, 2 exposures, 642 macros',
    ),
  );
  lines.push(line(at + 0.5, 'info', ''));
  lines.push(line(at + 0.6, 'info', "Concurrency: 4 threads (target='prod')"));
  at += 0.9;
  const total = nodes.length;
  nodes.forEach((node, order) => {
    const index = order + 1;
    const outcome = outcomeOf(node, plan, failed);
    if (outcome.status === 'error' || outcome.status === 'fail') failed.add(node.name);
    const took = outcome.status === 'skipped' ? 0 : node.seconds * (0.7 + random() * 0.9) * speed;
    const relation = node.resource_type === 'test' ? node.name : `main.${node.name}`;
    const verb = node.resource_type === 'test' ? 'test' : `sql ${node.materialized} model`;
    lines.push(
      line(
        at,
        'info',
        `${index} of ${total} START ${verb} ${relation} ${'.'.repeat(Math.max(3, 52 - relation.length))} [RUN]`,
      ),
    );
    lines.push(line(at + 0.01, 'debug', `Acquiring new duckdb connection '${node.unique_id}'`));
    lines.push(
      line(
        at + 0.02,
        'debug',
        `On ${node.unique_id}: /* {"app": "dbt", "node_id": "${node.unique_id}"} */ select * from "shop"."main"."${node.name}"`,
      ),
    );
    events.push({
      at,
      node: {
        ...common(node, index, total),
        status: 'started',
        started: at,
        finished: null,
        message: null,
      },
    });
    const end = at + took;
    lines.push(
      line(
        end,
        outcome.status === 'error' || outcome.status === 'fail'
          ? 'error'
          : outcome.status === 'warn'
            ? 'warn'
            : 'info',
        `${index} of ${total} ${outcome.status === 'skipped' ? 'SKIP relation' : outcome.status === 'error' ? 'ERROR creating' : outcome.status === 'fail' ? 'FAIL 3' : 'OK created'} ${relation} ${'.'.repeat(Math.max(3, 54 - relation.length))} [${shown[outcome.status]('OK')} in ${took.toFixed(2)}s]`,
      ),
    );
    events.push({
      at: end,
      node: {
        ...common(node, index, total),
        status: outcome.status,
        started: at,
        finished: end,
        message: outcome.message,
      },
    });
    if (plan === 'huge') filler.push({ end, index, name: node.name });
    at += node.resource_type === 'test' ? took * 0.45 : took * 0.8;
  });
  at += 0.6;
  lines.push(line(at, 'info', ''));
  const bad = events.filter(({ node }) => node.status === 'error' || node.status === 'fail');
  for (const { node } of bad) {
    lines.push(
      line(at, 'error', red(`Failure in ${node.resource_type} ${node.name} (${node.path})`)),
    );
    for (const text of node.message.split('\n')) lines.push(line(at, 'error', `  ${text}`));
    lines.push(line(at, 'info', ''));
  }
  const count = (...statuses) => events.filter(({ node }) => statuses.includes(node.status)).length;
  lines.push(
    line(
      at,
      'info',
      bad.length > 0 ? red('Completed with errors') : green('Completed successfully'),
    ),
  );
  lines.push(
    line(
      at,
      'info',
      `Done. PASS=${count('success', 'pass')} WARN=${count('warn')} ERROR=${bad.length} SKIP=${count('skipped')} NO-OP=0 TOTAL=${total}`,
    ),
  );
  lines.sort((left, right) => left.at - right.at);
  events.sort((left, right) => left.at - right.at);
  return {
    name: `Invoke dbt with \`${command}\``,
    command,
    start,
    end: at + 0.1,
    outcome: bad.length > 0 ? 20 : 10,
    lines,
    filler,
    nodes: events,
  };
}

function common(node, index, total) {
  const { unique_id, name, resource_type, path } = node;
  return { unique_id, name, resource_type, path, index, total };
}

function cloneStep(plan) {
  const start = 3.2;
  if (plan !== 'no_clone') {
    return plainStep('Clone git repository', '', start, 1.4, [
      'Cloning https://git.example.com/analytics/shop.git, branch main',
      'Checked out 4f2a9c17e0b35d6a8f1c2e9b7d4a6c3f5e8b1d20: “Orders: net of returns”',
    ]);
  }
  const step = plainStep(
    'Clone git repository',
    '',
    start,
    2.1,
    ['Cloning https://git.example.com/analytics/shop.git, branch release/2026-q1'],
    20,
  );
  step.lines.push(
    line(
      step.end,
      'error',
      red('fatal: Remote branch release/2026-q1 not found in upstream origin'),
    ),
  );
  return step;
}

/** The whole script of a run of `job`: steps with times relative to the moment of its creation. */
export function scriptOf(job, runId, speed = 1) {
  const random = randomOf(runId * 7919 + job.id);
  const steps = [cloneStep(job.plan)];
  const next = () => steps[steps.length - 1].end + 0.1;
  const ok = () => steps.every((step) => step.outcome === 10);
  steps.push(
    plainStep('Create profile from connection Shop warehouse (DuckDB)', '', next(), 0.2, [
      'Wrote profiles.yml for target prod',
      'debug profile fields: type, path, threads',
    ]),
  );
  steps.push(
    plainStep('Invoke dbt with `dbt deps`', 'dbt deps', next(), 2.3, [
      'Running with dbt=1.11.16',
      'Installing dbt-labs/dbt_utils',
      'Installed from version 1.3.0',
      'Up to date!',
    ]),
  );
  for (const command of job.steps) {
    steps.push(
      job.plan === 'quick'
        ? plainStep(`Invoke dbt with \`${command}\``, command, next(), 1.8, [
            'Running with dbt=1.11.16',
            '1 of 6 START freshness of shop_raw.orders',
            `1 of 6 PASS freshness of shop_raw.orders [${green('PASS')} in 0.05s]`,
            'Done.',
          ])
        : invocation(command, job.plan, next(), random, speed),
    );
  }
  if (job.docs)
    steps.push(
      plainStep('Invoke dbt with `dbt docs generate`', 'dbt docs generate', next(), 2.6, [
        'Running with dbt=1.11.16',
        'Building catalog',
        'Catalog written to target/catalog.json',
      ]),
    );
  let broken = false;
  steps.forEach((step, order) => {
    step.index = order + 1;
    step.skipped = broken;
    if (step.outcome !== 10) broken = true;
  });
  const ran = steps.filter((step) => !step.skipped);
  return { steps, ends: ran[ran.length - 1].end + 0.8, outcome: ok() ? 10 : 20 };
}

const partitionsPerNode = 1200;

/** The step's numbered lines. Made when first read: a long log of each old run would fill the memory. */
export function linesOf(step) {
  if (step.numbered) return step.numbered;
  const all = [...step.lines];
  for (const { end, index, name } of step.filler ?? []) {
    for (let part = 0; part < partitionsPerNode; part++) {
      const month = `${2019 + (part % 7)}-${String((part % 12) + 1).padStart(2, '0')}`;
      const text = `  partition ${index}.${part}: merged ${(part * 7919) % 90000} rows into "shop"."main"."${name}" from month ${month}`;
      all.push(line(end, part % 4 === 0 ? 'info' : 'debug', text));
    }
  }
  all.sort((left, right) => left.at - right.at);
  step.numbered = all.map((entry, index) => ({ ...entry, n: index + 1 }));
  return step.numbered;
}
