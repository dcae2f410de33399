import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Document = {
  /** From the repository's root. */
  readonly file: string;
  /** Without the code blocks between fences. */
  readonly prose: string;
};

export const root = join(import.meta.dirname, '../..');

/** All that people are to read. */
export function documents(): readonly Document[] {
  const files = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
  return files.sort().map((file) => ({ file, prose: withoutFences(textOf(file)) }));
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Targets of links within the repository, from its root, with their anchors: `docs/api.md#health`. */
export function linksOf({ file, prose }: Document): readonly string[] {
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => (target.startsWith('#') ? `${file}${target}` : join(dirname(file), target)));
}

/** The anchors of a document's headings, as code hosts make them. */
export function anchorsOf({ prose }: Document): readonly string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Files that are named in backticks by their path from the root. */
export function pathsOf({ prose }: Document): readonly string[] {
  const folders = '(?:bin|lib|lambdas|local|test|bench|docs)';
  return [...prose.matchAll(new RegExp(`\`(${folders}/[\\w./-]*)\``, 'g'))].map(([, path]) => String(path));
}

function withoutFences(text: string): string {
  return text.replace(/^ *```[^\n]*\n[\s\S]*?^ *```$/gm, '');
}
