/** What the server demands of a step: one dbt command, written as for a shell and run without one. */

class StepError extends Error {}

function refuse(message: string): never {
  throw new StepError(message);
}

const blanks = ' \t\r\n\v\f';

const optionsWithValue = new Set(
  (
    '--defer-state --deprecated-defer --deprecated-favor-state --deprecated-print --deprecated-state ' +
    '--event-time-end --event-time-start --indirect-selection --log-file-max-bytes --log-format ' +
    '--log-format-file --log-level --log-level-file --log-path --partial-parse-file-diff ' +
    '--partial-parse-file-path --printer-width --profile --profiles-dir --project-dir ' +
    '--record-timing-info -r --state --target -t --target-path --threads --vars --warn-error-options'
  ).split(' '),
);

export const subcommands = [
  'build',
  'clean',
  'clone',
  'compile',
  'debug',
  'deps',
  'docs generate',
  'list',
  'parse',
  'retry',
  'run',
  'run-operation',
  'seed',
  'show',
  'snapshot',
  'source freshness',
  'test',
] as const;

const refusals: Record<string, string> = {
  docs: 'needs a second word: `dbt docs generate`',
  'docs serve': 'does not end by itself, so no job can run it',
  init: 'asks questions, and in a job nobody answers them',
  sl: "is part of dbt Cloud's semantic layer, which dbt Core does not have",
  source: 'needs a second word: `dbt source freshness`',
};

const pathOptions = [
  '--defer-state',
  '--deprecated-state',
  '--log-path',
  '--partial-parse-file-path',
  '--project-dir',
  '--record-timing-info',
  '-r',
  '--state',
  '--target-path',
];

function noShell(what: string): never {
  refuse(
    `A step is one dbt command, run without a shell: \`${what}\` has no meaning here. Put it in single ` +
      'quotes if it belongs to an argument, and further commands into steps of their own.',
  );
}

class Splitter {
  private at = 0;
  private inWord = false;
  private beginsLine = false;
  private word = '';
  private readonly words: string[] = [];

  constructor(private readonly text: string) {}

  split(): string[] {
    while (this.at < this.text.length) {
      const c = this.text.charAt(this.at++);
      if (blanks.includes(c)) {
        this.endWord();
        this.beginsLine = this.beginsLine || c === '\n';
      } else if (c === "'") this.singleQuoted();
      else if (c === '"') this.doubleQuoted();
      else if (c === '\\') this.escaped();
      else this.plain(c);
    }
    this.endWord();
    return this.words;
  }

  private put(c: string): void {
    this.inWord = true;
    this.word += c;
  }

  private escaped(): void {
    if (this.at === this.text.length) refuse('The step ends in a backslash.');
    const next = this.text.charAt(this.at++);
    // A line that goes on in the next one.
    if (next !== '\n') this.put(next);
  }

  private endWord(): void {
    if (!this.inWord) return;
    if (this.beginsLine && this.word === 'dbt' && this.words.length > 0)
      refuse(
        'A step is one dbt command: put the command that begins on a line of its own into a step of its own.',
      );
    this.words.push(this.word);
    this.word = '';
    this.inWord = false;
    this.beginsLine = false;
  }

  private checkSubstitution(): void {
    if (!/[({_@*#?\-$!0-9A-Za-z]/.test(this.text.charAt(this.at))) return;
    if (this.text.charAt(this.at) === '(') noShell('$(');
    const name = /^[^ \t\n"']{0,40}/.exec(this.text.slice(this.at))?.[0] ?? '';
    refuse(
      `A step is run without a shell, so \`$${name}\` is not replaced. Use dbt's env_var() in the project, ` +
        'or put it in single quotes if it is meant as it is.',
    );
  }

  private plain(c: string): void {
    if ('|&;<>`'.includes(c)) {
      const twice = (c === '&' || c === '|') && this.text.charAt(this.at) === c;
      noShell(twice ? c + c : c);
    }
    if (c === '$') this.checkSubstitution();
    if (c === '#' && !this.inWord)
      refuse('A step has no comments: put `#` in single quotes if it belongs to an argument.');
    this.put(c);
  }

  private singleQuoted(): void {
    const end = this.text.indexOf("'", this.at);
    if (end < 0) refuse("A single quote (') is not closed.");
    this.inWord = true;
    this.word += this.text.slice(this.at, end);
    this.at = end + 1;
  }

  private doubleQuoted(): void {
    this.inWord = true;
    while (this.at < this.text.length) {
      let c = this.text.charAt(this.at++);
      if (c === '"') return;
      if (c === '`') noShell('`');
      if (c === '$') this.checkSubstitution();
      if (c === '\\' && this.at < this.text.length) {
        const next = this.text.charAt(this.at);
        if (next === '\n') {
          this.at++;
          continue;
        }
        if ('"\\$`'.includes(next)) {
          c = next;
          this.at++;
        }
      }
      this.put(c);
    }
    refuse('A double quote (") is not closed.');
  }
}

function indexOfSubcommand(argv: readonly string[]): number {
  let i = 0;
  for (let word = argv[i]; word?.startsWith('-'); word = argv[i])
    i += optionsWithValue.has(word) ? 2 : 1;
  return Math.min(i, argv.length);
}

function subcommandOf(argv: readonly string[]): string {
  const i = indexOfSubcommand(argv);
  const name = argv[i] ?? '';
  if (name === 'ls') return 'list';
  if (name !== 'docs' && name !== 'source') return name;
  // Options of a group may stand between its two words.
  const rest = argv.slice(i + 1);
  const second = rest[indexOfSubcommand(rest)];
  if (second === undefined) return name;
  return `${name} ${second === 'snapshot-freshness' ? 'freshness' : second}`;
}

function checkSubcommand(argv: readonly string[]): void {
  const name = subcommandOf(argv);
  const known = subcommands.some((one) => one === name);
  const asksForWords = argv.some((word) =>
    ['--version', '-v', '-V', '--help', '-h'].includes(word),
  );
  if (asksForWords && (name === '' || known)) return;
  if (name === '') refuse('The step names no command: `dbt build`, for example.');
  if (Object.hasOwn(refusals, name)) refuse(`\`dbt ${name}\` ${refusals[name]}.`);
  if (!known) refuse(`\`${name}\` is no command of dbt.`);
}

function valuesOf(argv: readonly string[], name: string): string[] {
  const values = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') break;
    if (word === name) {
      const next = argv[++i];
      if (next !== undefined) values.push(next);
    } else if (name.length === 2 ? word.startsWith(name) : word.startsWith(`${name}=`)) {
      values.push(word.slice(name.length === 2 ? 2 : name.length + 1));
    }
  }
  return values;
}

/** Whether it leads out of the folder that it begins in. */
function leadsOut(path: string): boolean {
  if (path.startsWith('~') || path.startsWith('/')) return true;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function checkPaths(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const options = end < 0 ? argv : argv.slice(0, end);
  if (options.some((word) => word === '--profiles-dir' || word.startsWith('--profiles-dir=')))
    refuse(
      "A step has no `--profiles-dir`: the profile is made from the environment's connection and its extended attributes.",
    );
  for (const option of pathOptions)
    for (const value of valuesOf(argv, option))
      if (value === '' || leadsOut(value))
        refuse(
          `\`${option}\` must be a path inside the project: a run has a folder of its own, and nothing ` +
            'outside of it stays or can be found again.',
        );
}

/** What is wrong with a step, in the server's words; null when it can be run. */
export function stepProblem(text: string): string | null {
  try {
    const words = new Splitter(text).split();
    const [program, ...argv] = words;
    if (program === undefined) return 'The step is empty.';
    if (program !== 'dbt') return `A step begins with \`dbt\`, not with \`${program}\`.`;
    checkSubcommand(argv);
    checkPaths(argv);
    return null;
  } catch (error) {
    if (error instanceof StepError) return error.message;
    throw error;
  }
}
