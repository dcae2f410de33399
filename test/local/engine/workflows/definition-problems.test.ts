import { describe, expect, test } from '@jest/globals';
import { findDefinitionProblems } from '../../../../local/engine/workflows/definition-problems.ts';

const FN = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
const task = { Type: 'Task', Resource: FN, TimeoutSeconds: 10, End: true };

function problems(state: object, machine: object = {}): string[] {
  return findDefinitionProblems(
    JSON.stringify({ StartAt: 'Only', States: { Only: state }, ...machine }),
    new Set([FN]),
  );
}

describe('a definition', () => {
  test('of tasks with a time-out is accepted, invoked either way', () => {
    expect(problems(task)).toEqual([]);
    const integration = {
      ...task,
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: FN, 'Payload.$': '$' },
    };
    expect(problems(integration)).toEqual([]);
  });

  test.each([
    ['a task without a time-out', { ...task, TimeoutSeconds: undefined }, 'States.Only.TimeoutSeconds: '],
    ['a time-out that would fire at once', { ...task, TimeoutSeconds: 2_147_484 }, 'States.Only.TimeoutSeconds: '],
    ['a heartbeat', { ...task, HeartbeatSeconds: 5 }, 'States.Only: Unrecognized key: "HeartbeatSeconds"'],
    ['variables', { ...task, Assign: { x: 1 } }, 'States.Only: Unrecognized key: "Assign"'],
    ['JSONata', { ...task, QueryLanguage: 'JSONata' }, 'States.Only.QueryLanguage: '],
    [
      'a task token',
      { ...task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' },
      'States.Only.Resource: ',
    ],
    ['another service', { ...task, Resource: 'arn:aws:states:::states:startExecution.sync' }, 'States.Only.Resource: '],
    ['a function of nobody', { ...task, Resource: `${FN}-other` }, 'States.Only.Resource: '],
    ['Map', { Type: 'Map', ItemProcessor: {}, End: true }, 'States.Only.Type: '],
    ['Parallel', { Type: 'Parallel', Branches: [], End: true }, 'States.Only.Type: '],
    [
      'the state context',
      { ...task, Parameters: { 'n.$': '$$.State.RetryCount' } },
      '$$.State.RetryCount: not in the local',
    ],
    ['an empty result', { Type: 'Pass', Result: 0, End: true }, 'States.Only.Result: '],
    ['a Next that leads nowhere', { ...task, End: undefined, Next: 'Nowhere' }, 'is no valid definition'],
  ])('with %s is refused', (_, state, expected) => {
    expect(problems(state)).toEqual([expect.stringContaining(expected)]);
  });

  test('with a negated type test is refused', () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: false, Next: 'Done' }] };
    expect(problems(choice, { StartAt: 'Only', States: { Only: choice, Done: { Type: 'Succeed' } } })).toEqual([
      expect.stringContaining('IsPresent: false is always false here'),
    ]);
  });
});
