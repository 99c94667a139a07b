import { describe, expect, it } from 'vitest';
import { stepProblem } from './command';

describe('steps that can be run', () => {
  it.each([
    'dbt build',
    'dbt ls --select x',
    'dbt docs --no-version-check generate',
    'dbt source snapshot-freshness',
    'dbt --target prod --warn-error run -s x',
    'dbt -x -d -tprod test',
    'dbt --version',
    'dbt docs generate --help',
    `dbt run-operation grant --args '{sql: "a; b | c > d && \`e\` $(f)"}'`,
    'dbt run --vars "{\\"k\\": \\"v w\\"}"',
    'dbt build\n  --select x\n',
    'dbt build \\\n --select x',
    "dbt run a#b 'c$d' f$ \"g$\" $'h'",
    'dbt build --select @model 1+x+2 tag:x,config.materialized:view ~x (y)',
    'dbt run --project-dir ./a/../b --log-path=logs',
    'dbt run-operation x -- --project-dir /',
  ])('%s', (step) => {
    expect(stepProblem(step)).toBeNull();
  });
});

describe('steps that are refused', () => {
  it.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['rm -rf /', 'begins with `dbt`, not with `rm`'],
    ['DBT_X=1 dbt run', 'DBT_X=1'],
    ['dbt run | tee x', '`|`'],
    ['dbt run && dbt test', '`&&`'],
    ['dbt run "$(ls)"', 'without a shell'],
    ['dbt run -s $MODEL -x', '`$MODEL`'],
    ['dbt run # all', 'no comments'],
    ['dbt run\ndbt test', 'a step of its own'],
    ["dbt run 'x", 'single quote'],
    ['dbt run "x', 'double quote'],
    ['dbt run "x\\', 'double quote'],
    ['dbt run \\', 'backslash'],
    ['dbt init', '`dbt init` asks questions'],
    ['dbt docs serve --port 1', 'does not end by itself'],
    ['dbt docs', 'needs a second word'],
    ['dbt docs publish', '`docs publish` is no command of dbt'],
    ['dbt frobnicate --help', '`frobnicate` is no command of dbt'],
    ['dbt constructor', '`constructor` is no command of dbt'],
    ['dbt Build', '`Build` is no command of dbt'],
    ['dbt --target', 'names no command'],
    ['dbt run --profiles-dir x', '--profiles-dir'],
    ['dbt run --target-path ../x', 'inside the project'],
    ['dbt run --state=/tmp', 'inside the project'],
  ])('%s', (step, words) => {
    expect(stepProblem(step)).toContain(words);
  });
});
