import { expect, test } from '@jest/globals';
import { readinessView } from '../../../lambdas/platform/views/readiness-view.ts';
import { systemStatusView } from '../../../lambdas/platform/views/system-status-view.ts';

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

test.each([
  ['ok', well],
  ['degraded', failing('access denied')],
])('O-1, O-2: %s has the same keys as any other status', (status, files) => {
  const body = systemStatusView({ components: { 'api.files': files }, version: '1.2.3', uptimeMs: 9_000_000 });
  expect(body).toEqual({ status, components: { 'api.files': files }, version: '1.2.3', uptime: '2h30m' });
});
