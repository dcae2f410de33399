import { readFileSync } from 'node:fs';

/** One recorded request and its answer. */
export type Exchange = {
  /** Path and query. */
  readonly target: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

/** Exchanges as octokit's fixtures keep them. */
export function githubExchanges(file: string): Exchange[] {
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
    path: string;
    response: unknown;
    headers: { link?: string };
  }[];
  return recorded.map(({ path, response, headers: { link } }) => ({
    target: path,
    headers: { ...(link !== undefined && { link }) },
    body: JSON.stringify(response),
  }));
}

/**
 * Exchanges as vcr.py keeps them: YAML, of which this reads the addresses and the single-quoted bodies. In such a
 * scalar two quotes are one, a line end is a blank, and an empty line is a line end.
 */
export function socrataExchanges(file: string): Exchange[] {
  const text = readFileSync(file, 'utf8');
  const uris = [...text.matchAll(/^ {4}uri: (.*)$/gm)].map(([, uri]) => new URL(uri ?? ''));
  const bodies = [...text.matchAll(/^ {6}string: '((?:[^']|'')*)'$/gm)].map(([, body]) => unfolded(body ?? ''));
  return uris.map(({ pathname, search }, index) => ({
    target: `${pathname}${search}`,
    headers: {},
    body: bodies[index] ?? '',
  }));
}

function unfolded(scalar: string): string {
  return scalar
    .replaceAll("''", "'")
    .replace(
      /[ \t]*\n[ \t]*((?:\n[ \t]*)*)/g,
      (_all, blank: string) => '\n'.repeat(blank.split('\n').length - 1) || ' ',
    );
}

/** Stripe's fixtures, one object each, as its lists would page them: by the name of the last one. */
export function stripePages(file: string): { exchanges: Exchange[]; names: string[] } {
  const { resources } = JSON.parse(readFileSync(file, 'utf8')) as { resources: { [name: string]: object } };
  const objects = Object.entries(resources).map(([fixture, object]) => ({ fixture, ...object }));
  const exchanges: Exchange[] = [];
  for (let start = 0; start < objects.length; start += 10) {
    const after = objects[start - 1]?.fixture;
    const data = objects.slice(start, start + 10);
    exchanges.push({
      target: `/v1/objects${after === undefined ? '' : `?starting_after=${after}`}`,
      headers: {},
      body: JSON.stringify({ object: 'list', data, has_more: start + 10 < objects.length, url: '/v1/objects' }),
    });
  }
  return { exchanges, names: objects.map(({ fixture }) => fixture) };
}
