import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Engine } from '../../../local/engine/engine.ts';
import { temporaryDirectory } from './hand-made-assembly.ts';
import { clientSettings, startTestEngine, until } from './start-test-engine.ts';

const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const machine = {
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'runs',
    DefinitionString: JSON.stringify({
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: arnOf('work'), TimeoutSeconds: 20, End: true } },
    }),
  },
};

/** A function that appends each event it gets to a file. */
const recorder = (file: string): string => `import { appendFileSync } from 'node:fs';
  export const handler = async (event) => { appendFileSync(${JSON.stringify(file)}, JSON.stringify(event) + '\\n'); };`;

function recorded(file: string): { detail: { status: string; name: string } }[] {
  if (!existsSync(file)) return [];
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      // A file that has just been made is empty.
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  );
}

test('a change of an execution reaches the rules that ask for it', async () => {
  const file = path.join(temporaryDirectory(), 'events');
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.states'], detail: { status: ['FAILED'], stateMachineArn: [{ Ref: 'Runs' }] } },
      Targets: [{ Id: '1', Arn: arnOf('recorder') }],
    },
  };
  const work = 'export const handler = async ({ fail }) => { if (fail) throw new RangeError("far"); };';
  const engine = await startTestEngine({ work, recorder: recorder(file) }, { Runs: machine, Rule: rule });
  engines.push(engine);
  const sfn = new SFNClient(clientSettings(engine.sfnUrl));
  const stateMachineArn = engine.model.stateMachines[0]?.arn;
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'good', input: '{}' }));
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'bad', input: '{"fail":true}' }));
  await until(
    () => recorded(file).length > 0 && engine.workflows.executions.list().every(({ status }) => status !== 'RUNNING'),
  );
  expect(recorded(file)).toEqual([
    expect.objectContaining({
      'detail-type': 'Step Functions Execution Status Change',
      resources: [expect.stringContaining(':execution:runs:bad')],
      detail: expect.objectContaining({
        name: 'bad',
        status: 'FAILED',
        error: 'RangeError',
        startDate: expect.any(Number),
      }),
    }),
  ]);
});

test('schedules run at the interval that is asked for, with their own input or an event', async () => {
  const directory = temporaryDirectory();
  const schedule = (name: string, target: object) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arnOf(name), RoleArn: 'role', ...target },
    },
  });
  const files = [path.join(directory, 'own'), path.join(directory, 'default')] as const;
  const functions = { own: recorder(files[0]), default: recorder(files[1]) };
  const resources = { OwnInput: schedule('own', { Input: '{"a":1}' }), NoInput: schedule('default', {}) };
  engines.push(await startTestEngine(functions, resources, { everySeconds: 0.05 }));
  await until(() => files.every((file) => recorded(file).length >= 2));
  expect(recorded(files[0])[1]).toEqual({ a: 1 });
  expect(recorded(files[1])[0]).toMatchObject({ 'detail-type': 'Scheduled Event', detail: {} });
});

describe('a function behind a queue', () => {
  const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', VisibilityTimeout: 20 } };
  const mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'worker' },
      EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  };
  const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/jobs';

  async function start(worker: string) {
    const engine = await startTestEngine({ worker }, { Queue: queue, Mapping: mapping });
    const sqs = new SQSClient({ ...clientSettings(engine.sqsUrl), useQueueUrlAsEndpoint: false });
    return { engine, send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })) };
  }

  test('gets what is sent to it', async () => {
    const file = path.join(temporaryDirectory(), 'events');
    const { engine, send } = await start(recorder(file));
    engines.push(engine);
    await send('{"job":1}');
    await until(() => recorded(file).length > 0);
    expect(recorded(file)).toMatchObject([{ Records: [{ body: '{"job":1}', eventSource: 'aws:sqs' }] }]);
    expect(engine.functions.named('worker')?.sandboxes()[0]?.pid).not.toBe(process.pid);
  });

  test('ends with the engine, whatever it is at', async () => {
    const file = path.join(temporaryDirectory(), 'begun');
    const code = `import { writeFileSync } from 'node:fs';
      export const handler = () => { writeFileSync(${JSON.stringify(file)}, ''); return new Promise(() => {}); };`;
    const { engine, send } = await start(code);
    await send('{}');
    await until(() => existsSync(file));
    const pid = engine.functions.named('worker')?.sandboxes()[0]?.pid;
    await engine.close();
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

test.each([
  ['a rate of Scheduler begins at once', 'AWS::Scheduler::Schedule', 1],
  ['a rate of a rule does not', 'AWS::Events::Rule', 0],
])('%s', async (_, Type, times) => {
  const file = path.join(temporaryDirectory(), 'calls');
  const ScheduleExpression = 'rate(1 hour)';
  const scheduled = {
    'AWS::Scheduler::Schedule': {
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arnOf('recorder'), RoleArn: 'role' },
    },
    'AWS::Events::Rule': { ScheduleExpression, Targets: [{ Id: '1', Arn: arnOf('recorder') }] },
  }[Type];
  const engine = await startTestEngine({ recorder: recorder(file) }, { Tick: { Type, Properties: scheduled ?? {} } });
  engines.push(engine);
  await engine.functions.named('recorder')?.invoke({ by: 'the test' });
  await until(() => recorded(file).length === times + 1);
});

test('functions find the local services by their environment', async () => {
  const file = path.join(temporaryDirectory(), 'env');
  const code = `import { writeFileSync } from 'node:fs'; export const handler = async () => writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env));`;
  const engine = await startTestEngine({ fn: code }, {});
  engines.push(engine);
  await engine.functions.named('fn')?.invoke(null);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    AWS_ENDPOINT_URL_SFN: engine.sfnUrl,
    AWS_ENDPOINT_URL_API_GATEWAY: engine.controlUrl,
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    AWS_REGION: 'us-east-1',
  });
});
