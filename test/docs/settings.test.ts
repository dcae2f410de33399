import { expect, test } from '@jest/globals';
import { settingsOf } from '../../lib/settings.ts';
import { textOf } from './documents.ts';

const [table = ''] = /^\| setting .*\n(?:\|.*\n)+/m.exec(textOf('docs/how-to/deploy.md')) ?? [];

/** Of each row: its settings, and the cell of their defaults. */
const documented = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) +\| ([^|]+) \|/gm)].map(
  ([, names = '', defaults = '']) => ({ names: [...names.matchAll(/\w+/g)].map(([name]) => name), defaults }),
);

const defaultsOf = (stage: string): Readonly<Record<string, unknown>> => settingsOf({ stage });

function shown(value: unknown): string {
  if (typeof value === 'number') return numberShown(value);
  if (typeof value === 'boolean') return `\`${value}\``;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return value === '' ? 'none' : `\`${value}\``;
}

function numberShown(value: number): string {
  if (value === 5 * 1024 ** 3) return '5 GB';
  return value < 10_000 ? String(value) : value.toLocaleString('en');
}

test('docs/how-to/deploy.md has every setting, and no other', () => {
  const { stage: _, ...settings } = defaultsOf('dev');
  expect(documented.flatMap(({ names }) => names).sort()).toEqual(Object.keys(settings).sort());
});

test.each(documented)('docs/how-to/deploy.md has the defaults of $names, and where a stage has others', (row) => {
  const { names, defaults } = row;
  const valuesIn = (stage: string) => names.map((name) => defaultsOf(stage)[name]);
  const usual = valuesIn('dev');
  for (const value of usual) expect(defaults).toContain(shown(value));
  const differing = (stage: string) => valuesIn(stage).filter((value, index) => value !== usual[index]);
  const others = {
    prod: differing('prod').filter((value) => !Array.isArray(value)),
    // What it may do besides is its own affair: everything is on this machine.
    local: differing('local').filter((value) => typeof value === 'number'),
  };
  for (const [stage, values] of Object.entries(others)) {
    if (values.length > 0) expect(defaults).toContain(`\`${stage}\`: ${values.map(shown).join(', ')}`);
  }
});
