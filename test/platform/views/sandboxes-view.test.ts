import { expect, test } from '@jest/globals';
import { sandboxesView } from '../../../lambdas/platform/views/sandboxes-view.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { testHeartbeat } from '../../support/test-heartbeat.ts';

const now = MORNING + 15_000;
const own = testHeartbeat({
  type: 'api',
  hostname: 'status-1',
  startedAt: now - 7 * 3_600_000 - 6 * 60_000,
  beatAt: now,
});
const shown = (...args: Parameters<typeof sandboxesView>) => JSON.parse(JSON.stringify(sandboxesView(...args)));
const hostnames = (rows: readonly { readonly hostname: string }[]) => rows.map(({ hostname }) => hostname);

test('O-6: agents and registry have exactly these fields', () => {
  const agent = testHeartbeat({ hostname: 'slice-1', conditions: ['LeaseLost'] });
  expect(shown([agent], own, now)).toEqual({
    agents: { total: 1, ready: 1, agents: [{ hostname: 'slice-1', registered: '15s ago' }] },
    registry: [
      {
        type: 'agent',
        hostname: 'slice-1',
        status: 'Ready',
        conditions: ['LeaseLost'],
        age: '1h 0m',
        cpu_percent: 2.1,
        mem_bytes: 134_217_728,
      },
      { type: 'api', hostname: 'status-1', status: 'Ready', age: '7h 6m', cpu_percent: 2.1, mem_bytes: 134_217_728 },
    ],
  });
});

test('O-6: what expired since it was collected is gone', () => {
  const beats = [
    testHeartbeat({ hostname: 'gone', beatAt: now - 180_000 }),
    testHeartbeat({ hostname: 'here', beatAt: now - 179_999 }),
  ];
  const { agents, registry } = shown(beats, own, now);
  expect([hostnames(agents.agents), hostnames(registry)]).toEqual([['here'], ['here', 'status-1']]);
});

test('O-6: rows are sorted by type, then by hostname', () => {
  const beats = [
    testHeartbeat({ type: 'api', hostname: 'z' }),
    testHeartbeat({ type: 'api', hostname: 'a' }),
    testHeartbeat({ hostname: 'y' }),
    testHeartbeat({ hostname: 'b' }),
  ];
  expect(hostnames(shown(beats, own, now).registry)).toEqual(['b', 'y', 'a', 'status-1', 'z']);
});

test('O-3: the one that answers is in the registry once, as it is now, and also if nothing else is known', () => {
  const stored = testHeartbeat({ ...own, cpuPercent: 99, beatAt: now - 60_000 });
  expect(shown([stored], own, now).registry).toMatchObject([{ hostname: 'status-1', type: 'api', cpu_percent: 2.1 }]);
  expect(hostnames(shown(undefined, own, now).registry)).toEqual(['status-1']);
});

test('O-1: no agents are none; agents that are not known are left out', () => {
  expect(shown([], own, now).agents).toEqual({ total: 0, ready: 0 });
  expect(shown(undefined, own, now)).not.toHaveProperty('agents');
});
