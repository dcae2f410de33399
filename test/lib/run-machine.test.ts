import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import type { SliceOutcome } from '../../lambdas/contracts/payloads.ts';
import type { Attribute } from './properties.ts';
import { type Resource, synthesize } from './synthesize.ts';

const { service } = synthesize({ stage: 'prod', sliceSeconds: 120 });
const machine = only('AWS::StepFunctions::StateMachine');
const definition = definitionOf(machine);

/** What is read here of states, as the States Language has them; the rest is just compared. */
type State = {
  readonly Type: string;
  readonly Resource: string;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
  }[];
  readonly Choices: readonly { readonly Variable: string; readonly StringEquals: string; readonly Next: string }[];
  readonly Default: string;
  readonly Next: string | undefined;
  readonly TimestampPath: string;
  readonly Seconds: number;
  readonly Catch: unknown;
  readonly Parameters: unknown;
};
const tasks = Object.entries(definition.States).filter(([, state]) => state.Type === 'Task');

describe('the state machine', () => {
  test('is one that Step Functions accepts', () => {
    const { errors } = validate(structuredClone(definition));
    expect(errors).toEqual([]);
  });

  test('can be stopped: an Express execution could not', () => {
    expect(machine).toMatchObject({ StateMachineType: 'STANDARD', StateMachineName: 'headgate-prod-runs' });
  });

  test('is logged without what it carries, and traced', () => {
    expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
  });

  test('uses nothing but what the local engine runs: JSONPath, and no state of the clouds alone', () => {
    const text = JSON.stringify(definition);
    expect(text).not.toMatch(/JSONata|Assign|\$\$\.|\.sync|waitForTaskToken|HeartbeatSeconds/);
    const types = new Set(Object.values(definition.States).map((state) => state.Type));
    expect([...types].sort()).toEqual(['Choice', 'Fail', 'Succeed', 'Task', 'Wait']);
  });
});

describe('each task', () => {
  test.each(tasks)('%s is a function called by its own ARN', (_, task) => {
    expect(task.Resource).toMatch(/^arn:aws:lambda:[a-z0-9-]+:\d+:function:headgate-prod-[a-z-]+$/);
  });

  test.each(tasks)('%s times out a little later than its function', (_, task) => {
    const name = task.Resource.split(':').at(-1);
    const fn = service.ofType('AWS::Lambda::Function').find(({ Properties }) => Properties.FunctionName === name);
    expect(task.TimeoutSeconds - Number(fn?.Properties.Timeout)).toBe(10);
  });

  test.each(tasks)('%s is repeated when it passes or crashes, with patience and never for ever', (_, task) => {
    const repeated = task.Retry.flatMap((retry) => retry.ErrorEquals);
    expect(repeated).toEqual(
      expect.arrayContaining(['RetryableError', 'Lambda.ServiceException', 'Lambda.Unknown', 'States.Timeout']),
    );
    for (const retry of task.Retry) {
      expect(retry.MaxAttempts).toBeGreaterThan(0);
      expect(retry.MaxAttempts).toBeLessThanOrEqual(6);
      expect(retry).toMatchObject({ BackoffRate: 2, MaxDelaySeconds: 30, JitterStrategy: 'FULL' });
    }
  });

  test('a mistake in the code is not repeated: it would be made again', () => {
    const repeated = tasks.flatMap(([, task]) => task.Retry).flatMap((retry) => retry.ErrorEquals);
    expect(repeated).not.toEqual(expect.arrayContaining(['States.ALL']));
    expect(repeated).not.toEqual(expect.arrayContaining(['States.TaskFailed']));
  });
});

describe('an outcome leads to', () => {
  test.each<[SliceOutcome, string[]]>([
    ['more', ['RunSlice']],
    ['wait', ['WaitUntil', 'RunSlice']],
    ['handover', ['HandOver', 'HandedOver']],
    ['finished', ['Done']],
    ['failed', ['RunFailed']],
    ['fenced', ['Fenced', 'Done']],
  ])('%s: %j', (outcome, path) => {
    expect(pathFrom(outcome)).toEqual(path);
  });

  test('the end after a hand-over, or where a stop came first to the pause in which it aborts the execution', () => {
    expect(definition.States.HandedOver).toMatchObject({
      Choices: [{ Variable: '$.outcome', StringEquals: 'handed-over', Next: 'Done' }],
      Default: 'Fenced',
    });
  });

  test('a failure, where no slice should ever say it', () => {
    expect(definition.States.Outcome?.Default).toBe('UnknownOutcome');
    expect(definition.States.UnknownOutcome).toMatchObject({ Type: 'Fail', Error: 'UnknownOutcome' });
  });

  test('the end of the execution as SUCCEEDED or FAILED', () => {
    expect(definition.States.Done?.Type).toBe('Succeed');
    expect(definition.States.RunFailed?.Type).toBe('Fail');
    expect(definition.States.Crashed?.Type).toBe('Fail');
  });

  test('a wait until the instant that the slice named', () => {
    expect(definition.States.WaitUntil?.TimestampPath).toBe('$.wait_until');
  });

  test('a pause for a stop to abort the execution that it fenced', () => {
    expect(definition.States.Fenced?.Seconds).toBe(30);
  });
});

describe('a slice that ends without a word', () => {
  test.each(['RunSlice', 'HandOver'])('is recorded from %s, whatever the error', (name) => {
    expect(definition.States[name]?.Catch).toEqual([
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'RecordCrash' },
    ]);
    expect(definition.States.RecordCrash?.Next).toBe('Crashed');
  });

  test('is recorded by the name of its error: the message may quote data', () => {
    expect(definition.States.RecordCrash?.Parameters).toEqual({
      'wrapper_id.$': '$.wrapper_id',
      'epoch.$': '$.epoch',
      'handover.$': '$.handover',
      'slices.$': '$.slices',
      error: { 'Error.$': '$.error.Error' },
    });
  });
});

test('the machine may call its three functions and no other', () => {
  const role = service.resources[machine.RoleArn['Fn::GetAtt'][0]]?.Properties;
  const statements = role?.Policies?.flatMap((policy) => policy.PolicyDocument.Statement) ?? [];
  const invoke = statements.find((statement) => statement.Action === 'lambda:InvokeFunction');
  const called = [invoke?.Resource].flat().map(nameOf);
  expect(called.sort()).toEqual(['hand-over-run', 'record-crash', 'run-slice'].map((name) => `headgate-prod-${name}`));
});

describe('runs are reconciled', () => {
  test('at once when an execution of this machine ended badly', () => {
    const { EventPattern, Targets } = only('AWS::Events::Rule');
    expect(EventPattern).toMatchObject({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
    expect(JSON.stringify(EventPattern.detail.stateMachineArn)).toContain(':stateMachine:headgate-prod-runs');
    expect(Targets.map(({ Arn }) => nameOf(Arn))).toEqual(['headgate-prod-reconcile-runs']);
  });
});

function only(type: string): Resource['Properties'] {
  const [first, ...others] = service.ofType(type);
  if (!first || others.length > 0) throw new Error(`not exactly one ${type}`);
  return first.Properties;
}

/** The definition with the ARNs that CloudFormation would put in. */
function definitionOf({ DefinitionString }: Resource['Properties']): {
  StartAt: string;
  States: Record<string, State>;
} {
  const parts = DefinitionString['Fn::Join'][1];
  const arn = (part: unknown) => `arn:aws:lambda:eu-central-1:123456789012:function:${nameOf(part)}`;
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : arn(part))).join(''));
}

function nameOf(arn: unknown): string | undefined {
  const [logicalId] = (arn as Attribute)['Fn::GetAtt'];
  return service.resources[logicalId]?.Properties.FunctionName;
}

/** States from the outcome on, until the execution ends or the next slice begins. */
function pathFrom(outcome: SliceOutcome): string[] {
  const choice = definition.States.Outcome?.Choices.find(
    ({ Variable, StringEquals }) => Variable === '$.outcome' && StringEquals === outcome,
  );
  const path = [];
  for (let name = choice?.Next; name; name = name === 'RunSlice' ? undefined : definition.States[name]?.Next) {
    path.push(name);
  }
  return path;
}
