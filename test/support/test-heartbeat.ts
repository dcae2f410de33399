import type { Heartbeat } from '../../lambdas/domain/status/heartbeat.ts';
import { MORNING } from './manual-clock.ts';

/** Of a slice's sandbox, an hour old this morning. */
export function testHeartbeat(overrides: Partial<Heartbeat> = {}): Heartbeat {
  return {
    type: 'agent',
    hostname: 'headgate-dev-run-slice-1a2b3c4d',
    startedAt: MORNING - 3_600_000,
    beatAt: MORNING,
    cpuPercent: 2.1,
    memoryBytes: 134_217_728,
    conditions: [],
    ...overrides,
  };
}
