import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ComponentHealth, failuresOf, overallStatus } from '../../../lambdas/domain/status/component-health.ts';

const health: fc.Arbitrary<ComponentHealth> = fc.oneof(
  fc.constant({ status: 'ok' } as const),
  fc.constant({ status: 'disabled' } as const),
  fc.record({ status: fc.constant('error' as const), error: fc.string({ minLength: 1 }) }),
);
const components = fc.dictionary(fc.stringMatching(/^api\.[a-z-]{1,20}$/), health);

test('O-2, O-3: whatever the components, one in error makes the whole degraded, and nothing else does', () => {
  fc.assert(
    fc.property(components, (each) => {
      const isFailing = Object.values(each).some(({ status }) => status === 'error');
      expect(overallStatus(each)).toBe(isFailing ? 'degraded' : 'ok');
    }),
  );
});

test('tells all that fail, each with its cause', () => {
  const failing = { status: 'error', error: 'access denied' } as const;
  const each = {
    'api.a': failing,
    'api.b': { status: 'ok' },
    'api.c': { status: 'disabled' },
    'api.d': failing,
  } as const;
  expect(failuresOf(each)).toEqual(['api.a: access denied', 'api.d: access denied']);
});
