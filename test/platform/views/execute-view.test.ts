import { describe, expect, test } from '@jest/globals';
import type { Run } from '../../../lambdas/domain/run/run-state.ts';
import { overView, stillExecutingView } from '../../../lambdas/platform/views/execute-view.ts';
import { executingState } from '../../support/executing-state.ts';
import { MORNING } from '../../support/manual-clock.ts';

const executing = executingState().run as Run;
const over = (changes: Partial<Run>): Run => ({ ...executing, endedAt: MORNING + 5_400, ...changes });
const answer = (run: Run) => {
  const { statusCode, body } = overView('w-1', run);
  return { statusCode, body: JSON.parse(body) };
};

describe('the answer to execute', () => {
  test('W-10: a success has its points, 0 among them, and the instant of completion', () => {
    expect(answer(over({ outcome: 'completed' }))).toEqual({
      statusCode: 200,
      body: {
        wrapper_id: 'w-1',
        success: true,
        message: 'Wrapper executed successfully',
        data_points_sent: 0,
        execution_time: '2026-03-03T10:00:05Z',
      },
    });
  });

  test('W-15: a continuous run that has caught up is a success too', () => {
    const { body } = answer({ ...executing, caughtUpAt: MORNING });
    expect(body).toMatchObject({ success: true, execution_time: '2026-03-03T10:00:00Z' });
  });

  test.each([
    ['refused', 400, { detail: 'Execution error: Wrapper file not found' }],
    ['unavailable', 503, { detail: 'Service unavailable: Wrapper file not found' }],
  ] as const)('W-11: what is %s is %i', (kind, statusCode, body) => {
    const failure = { kind, message: 'Wrapper file not found' };
    expect(answer(over({ outcome: 'failed', failure }))).toEqual({ statusCode, body });
  });

  test.each([
    ['failed', { kind: 'failed', message: 'destination refused: HTTP 422' }, 'destination refused: HTTP 422'],
    ['stopped', null, 'Wrapper was stopped'],
  ] as const)('W-11, W-13: a run that %s is 200 without success, and without points', (outcome, failure, message) => {
    expect(answer(over({ outcome, failure }))).toEqual({
      statusCode: 200,
      body: {
        wrapper_id: 'w-1',
        success: false,
        message,
        data_points_sent: null,
        execution_time: '2026-03-03T10:00:05Z',
      },
    });
  });

  test('W-12: a run that goes on says where to look for it', () => {
    const { statusCode, headers, body } = stillExecutingView('w-1', executing);
    expect(statusCode).toBe(202);
    expect(headers).toMatchObject({
      Location: '/resources/wrappers/w-1/executions/w-1-1',
      'Retry-After': '5',
    });
    expect(JSON.parse(body)).toEqual({
      wrapper_id: 'w-1',
      success: null,
      message: 'Wrapper is still executing',
      data_points_sent: 0,
      execution_time: null,
      execution_id: 'w-1-1',
    });
  });
});
