import { expect, test } from '@jest/globals';
import { readinessView } from '../../../lambdas/platform/views/readiness-view.ts';

const failing = (error: string) => ({ status: 'error', error }) as const;
const well = { status: 'ok' } as const;

test('ready says no more than that', () => {
  expect(readinessView({ 'api.store': well, 'api.files': { status: 'disabled' } })).toEqual({ status: 'ready' });
});

test('not ready names all that fail, one to a line', () => {
  const components = {
    'api.store': failing('timed out after 1 s'),
    'api.files': well,
    'api.schedules': failing('disabled'),
  };
  expect(readinessView(components)).toEqual({
    status: 'not_ready',
    error: 'api.store: timed out after 1 s\napi.schedules: disabled',
  });
});
