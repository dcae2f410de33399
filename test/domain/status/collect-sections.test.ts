import { describe, expect, test } from '@jest/globals';
import { type Collectors, sectionCollection } from '../../../lambdas/domain/status/collect-sections.ts';
import { manualClock } from '../../support/manual-clock.ts';

type Sections = { readonly one: number; readonly two: string };

const never = () => new Promise<never>(() => undefined);

function world(given: Partial<Collectors<Sections>> = {}) {
  const clock = manualClock();
  const failures: [string, unknown][] = [];
  const calls: string[] = [];
  const counted = <Value>(name: string, collect: (signal: AbortSignal) => Promise<Value>) => {
    return (signal: AbortSignal) => {
      calls.push(name);
      return collect(signal);
    };
  };
  const collect = sectionCollection<Sections>(
    {
      one: counted('one', given.one ?? (async () => calls.length)),
      two: counted('two', given.two ?? (async () => 'two')),
    },
    { clock, onFailure: (section, error) => void failures.push([section, error]) },
  );
  return { clock, calls, failures, collect: () => clock.run(collect()) };
}

describe('O-4', () => {
  test('all sections are collected, side by side', async () => {
    const { collect, calls, failures } = world();
    expect(await collect()).toEqual({ one: 1, two: 'two' });
    expect([calls, failures]).toEqual([['one', 'two'], []]);
  });

  test('one that fails is left out, and the others are not', async () => {
    const broken = new Error('broken');
    const { collect, failures } = world({ one: () => Promise.reject(broken) });
    expect(await collect()).toEqual({ two: 'two' });
    expect(failures).toEqual([['one', broken]]);
  });

  test('one that hangs is left out after three seconds, told so, and delays nothing beyond them', async () => {
    const told: boolean[] = [];
    const { collect, clock, failures } = world({
      one: (signal) => {
        signal.addEventListener('abort', () => void told.push(true));
        return never();
      },
    });
    const begun = clock.now();
    expect(await collect()).toEqual({ two: 'two' });
    expect([clock.now() - begun, told]).toEqual([3000, [true]]);
    expect(failures).toEqual([['one', new Error('timed out after 3 s')]]);
  });

  test('a section is kept for fifteen seconds, and no longer', async () => {
    const { collect, clock, calls } = world();
    await collect();
    await clock.advance(14_999);
    expect(await collect()).toEqual({ one: 1, two: 'two' });
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(await collect()).toEqual({ one: 3, two: 'two' });
  });

  test('what failed is collected again at once', async () => {
    let attempts = 0;
    const { collect } = world({
      one: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('broken');
        return attempts;
      },
    });
    expect([await collect(), await collect()]).toEqual([{ two: 'two' }, { one: 2, two: 'two' }]);
  });
});
