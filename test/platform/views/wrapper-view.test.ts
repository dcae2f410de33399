import { describe, expect, test } from '@jest/globals';
import type { RunOutcome } from '../../../lambdas/domain/run/run-outcome.ts';
import type { Run } from '../../../lambdas/domain/run/run-state.ts';
import { executionView } from '../../../lambdas/platform/views/execution-view.ts';
import { wrapperView } from '../../../lambdas/platform/views/wrapper-view.ts';
import { executingState, pendingState } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { smallestView, wrapperDefinition } from '../../support/wrapper-definition.ts';

describe('a wrapper', () => {
  test('that never ran shows every key, absent values as null', () => {
    expect(wrapperView(pendingState(), wrapperDefinition(), [])).toEqual({
      ...smallestView,
      wrapper_id: 'w-1',
      created_at: '2026-03-03T10:00:00Z',
      updated_at: '2026-03-03T10:00:00Z',
    });
  });

  test('shows its log as lines and its checkpoint by name, in whole seconds', () => {
    const { checkpoint } = pendingState();
    const state = pendingState({
      lastDataSent: MORNING + 999,
      checkpoint: { ...checkpoint, seq: 42, position: { row: 7 }, updatedAt: MORNING },
    });
    const view = wrapperView(state, wrapperDefinition(), [{ at: MORNING + 22_999, level: 'WARN', text: 'odd' }]);
    expect(view.execution_log).toEqual(['2026-03-03T10:00:22Z WARN odd']);
    expect(view.last_data_sent).toBe('2026-03-03T10:00:00Z');
    expect(view.checkpoint).toEqual({
      id: 'cp-42',
      phase: null,
      high_water_mark: null,
      low_water_mark: null,
      position: { row: 7 },
      updated_at: '2026-03-03T10:00:00Z',
    });
  });
});

describe('an execution', () => {
  const run = executingState().run as Run;
  const statusOf = (outcome: RunOutcome) => executionView('w-1', { ...run, outcome }, MORNING).status;

  test('speaks of its end in the words of a wrapper', () => {
    const outcomes: RunOutcome[] = ['executing', 'completed', 'stopped', 'failed', 'lost', 'refused'];
    expect(outcomes.map(statusOf)).toEqual(['executing', 'completed', 'stopped', 'error', 'error', 'error']);
  });

  test('has no end while it goes on, and its length after it', () => {
    expect(executionView('w-1', run, MORNING)).toMatchObject({
      finished_at: null,
      duration_seconds: null,
      error: null,
    });
    expect(executionView('w-1', { ...run, endedAt: MORNING + 1_500 }, MORNING)).toMatchObject({
      finished_at: '2026-03-03T10:00:01Z',
      duration_seconds: 1.5,
    });
  });
});
