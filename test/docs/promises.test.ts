import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root, textOf } from './documents.ts';

type Proof = { readonly file: string; readonly title: string };

/** A row is one promise, or goes on with the proofs of the one above: `| promise | [file](link) | title |`. */
const proofs: readonly Proof[] = [
  ...textOf('docs/promises.md').matchAll(/^\|[^|\n]*\| \[([\w./-]+\.ts)\]\([^)]+\) +\| (.+?) +\|$/gm),
].map(([, file, title]) => ({ file: `test/${file}`, title: String(title) }));

describe('docs/promises.md', () => {
  test('gives each promise a proof', () => {
    const rows = textOf('docs/promises.md').match(/^\|.*\|$/gm) ?? [];
    const headings = rows.filter((row) => /^\| (Promise +\||-+)/.test(row));
    expect(proofs.length).toBeGreaterThan(30);
    expect(rows.length - headings.length).toBe(proofs.length);
  });

  test('names tests that are there', () => {
    expect(proofs.filter((proof) => !isThere(proof))).toEqual([]);
  });

  test('names no test twice', () => {
    const names = proofs.map(({ file, title }) => `${file}: ${title}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

/** `…` in a promise's title stands for what the test puts in. */
function isThere({ file, title }: Proof): boolean {
  if (!existsSync(join(root, file))) return false;
  const pattern = new RegExp(`^${title.split('…').map(RegExp.escape).join('.+')}$`);
  return titlesIn(textOf(file)).some((found) => pattern.test(found));
}

/** Texts that are followed by a function, as the title of a test or of a group is. */
function titlesIn(source: string): readonly string[] {
  const titles = source.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])+)\1,\s*(?:async\s*)?(?:\(|\w+ =>)/g);
  return [...titles].map(([, , title]) => String(title).replace(/\\(.)/g, '$1'));
}
