import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const CORE = join(ROOT, 'node_modules/@mantine/core');

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const names = (list: string) => list.split(',').map((name) => name.trim().split(' as '));

/** What our code imports from Mantine, by name. */
function usedComponents(): Set<string> {
  const used = new Set<string>();
  for (const path of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(path)) continue;
    const imports = read(ROOT, 'src', path).matchAll(/import \{([^}]*)\} from '@mantine\/core'/g);
    for (const [, list = ''] of imports) for (const [name = ''] of names(list)) used.add(name);
  }
  return used;
}

/** The style sheets of the modules that these components are made of. */
function sheetsOf(components: ReadonlySet<string>): Set<string> {
  const sheets = new Set<string>();
  const seen = new Set<string>();
  const visit = (module: string) => {
    if (seen.has(module)) return;
    seen.add(module);
    const sheet = module.match(/\/([A-Za-z]+)\.module\.mjs$/)?.[1];
    if (sheet && existsSync(join(CORE, 'styles', `${sheet}.layer.css`))) sheets.add(sheet);
    for (const [, next = ''] of read(module).matchAll(/from "(\.[^"]+)"/g))
      visit(join(dirname(module), next));
  };
  for (const [, list = '', module = ''] of read(CORE, 'esm/index.mjs').matchAll(
    /import \{([^}]*)\} from "([^"]+)"/g,
  ))
    if (names(list).some((name) => components.has(name.at(-1) ?? '')))
      visit(join(CORE, 'esm', module));
  return sheets;
}

describe('the style sheets of Mantine', () => {
  const imported = [...read(ROOT, 'src/app/mantine.css').matchAll(/styles\/([\w-]+)\.layer/g)].map(
    ([, name = '']) => name,
  );

  test('are those of the components in use', () => {
    const always = ['baseline', 'default-css-variables', 'global'];
    const needed = [...always, ...sheetsOf(usedComponents())];
    expect([...imported].sort()).toEqual(needed.sort());
  });

  test('come in the order of the whole one', () => {
    const whole = read(CORE, 'styles.css');
    const places = imported.map((name) =>
      whole.indexOf(read(CORE, 'styles', `${name}.css`).slice(0, 200)),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
