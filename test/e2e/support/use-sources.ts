import { afterEach } from '@jest/globals';
import { openTestSources, recordsOf, type TestSource } from './test-source.ts';
import type { WrappersApi } from './wrappers-api.ts';

/** A wrapper of one kind of source. */
export type Case = { readonly id: string; readonly source: TestSource };

export type Sources = {
  /** A wrapper for a source of each kind, with so many records; `more` replaces parts of it. */
  wrappers(records: number, more?: Readonly<Record<string, unknown>>): Promise<readonly Case[]>;
  /** A wrapper for each kind whose source would be at this address. */
  wrappersAt(url: string): Promise<readonly Case[]>;
};

/** Sources of each kind, closed after every test. */
export function useSources(at: { readonly api: WrappersApi }): Sources {
  const opened: TestSource[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((source) => source.close())));

  async function wrappersOf(records: number, more: Readonly<Record<string, unknown>>, url?: string) {
    const sources = await openTestSources();
    opened.push(...sources);
    const mapping = { fields: [{ from: 'id' }, { from: 'value', type: 'number' }], key: ['id'] };
    return Promise.all(
      sources.map(async (source): Promise<Case> => {
        source.hold(recordsOf(records));
        return { id: await at.api.createWrapper({ source: source.definition(url), mapping, ...more }), source };
      }),
    );
  }
  return {
    wrappers: (records, more = {}) => wrappersOf(records, more),
    wrappersAt: (url) => wrappersOf(0, {}, url),
  };
}

/** Takes the same step with each of them at once; what fails is told with its kind. */
export function each<Value>(
  cases: readonly Case[],
  step: (one: Case, index: number) => Promise<Value>,
): Promise<Value[]> {
  const taken = cases.map((one, index) =>
    step(one, index).catch((cause: Error) => {
      throw new Error(`${one.source.type}: ${cause.message}`, { cause });
    }),
  );
  return Promise.all(taken);
}
