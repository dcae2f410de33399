import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { anchorsOf, type Document, documents, linksOf, pathsOf, root } from './documents.ts';

const all = documents();

test('every relative link leads to a file, and to a heading where it names one', () => {
  const links = all.flatMap((document) => linksOf(document).map((target) => ({ from: document.file, target })));
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ target }) => !leadsSomewhere(target))).toEqual([]);
});

test('every file that is named by its path is there', () => {
  const named = all.flatMap((document) => pathsOf(document).map((path) => ({ in: document.file, path })));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});

test('every document can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const file of reached) {
    for (const target of linksOf(documentOf(file) ?? { file, prose: '' })) {
      const [path = ''] = target.split('#');
      const isFolder = path.endsWith('/');
      for (const { file: found } of all) if (isFolder ? found.startsWith(path) : found === path) reached.add(found);
    }
  }
  expect(all.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
});

function leadsSomewhere(target: string): boolean {
  const [path = '', anchor] = target.split('#');
  if (!existsSync(join(root, path))) return false;
  const document = documentOf(path);
  return anchor === undefined || (document !== undefined && anchorsOf(document).includes(anchor));
}

function documentOf(file: string): Document | undefined {
  return all.find((document) => document.file === file);
}
