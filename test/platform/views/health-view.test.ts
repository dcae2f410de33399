import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { healthView } from '../../../lambdas/platform/views/health-view.ts';
import { monitoringView } from '../../../lambdas/platform/views/monitoring-view.ts';
import { anyState } from '../../support/any-state.ts';
import { MORNING } from '../../support/manual-clock.ts';

test('/health and /monitoring agree, whatever the state and the time', () => {
  fc.assert(
    fc.property(fc.option(anyState(MORNING)), fc.integer({ min: -7_200_000, max: 7_200_000 }), (state, later) => {
      const health = healthView('w-1', state, MORNING + later);
      const { health_status, monitoring_details } = monitoringView('w-1', state, MORNING + later);
      expect(health_status).toBe(health.health_status);
      expect(monitoring_details.expected_by !== null).toBe(health.is_actively_executing);
    }),
    { numRuns: 2_000 },
  );
});
