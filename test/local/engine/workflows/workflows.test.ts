import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Engine } from '../../../../local/engine/engine.ts';
import { temporaryDirectory } from '../hand-made-assembly.ts';
import { clientSettings, startTestEngine, until } from '../start-test-engine.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:runs';
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const definition = (states: object): object => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'runs',
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    DefinitionString: {
      'Fn::Join': [
        '',
        [
          JSON.stringify({ StartAt: 'Work', States: states }).replaceAll(
            'FN',
            'arn:aws:lambda:us-east-1:000000000000:function:work',
          ),
        ],
      ],
    },
  },
});

const work = { Type: 'Task', Resource: 'FN', TimeoutSeconds: 20, End: true };

async function start(code: string, states: object = { Work: work }, dataDir = temporaryDirectory()) {
  const engine = await startTestEngine({ work: code }, { Runs: definition(states) as never }, { dataDir });
  engines.push(engine);
  const sfn = new SFNClient(clientSettings(engine.sfnUrl));
  const run = (name: string, input: object = {}) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input: JSON.stringify(input) }));
  const describeRun = (name: string) =>
    sfn.send(new DescribeExecutionCommand({ executionArn: `${MACHINE.replace('stateMachine', 'execution')}:${name}` }));
  const ended = (name: string) =>
    until(async () => {
      const execution = await describeRun(name);
      return execution.status === 'RUNNING' ? undefined : execution;
    });
  return { engine, sfn, run, describeRun, ended, dataDir };
}

const waits = `import { existsSync, appendFileSync } from 'node:fs'; import { setTimeout as sleep } from 'node:timers/promises';
  export const handler = async ({ gate, trace }) => { appendFileSync(trace, 'in\\n'); while (!existsSync(gate)) await sleep(5); appendFileSync(trace, 'out\\n'); return { done: true }; };`;

function gateIn(directory: string) {
  const gate = path.join(directory, 'gate');
  const trace = path.join(directory, 'trace');
  const lines = (): string[] => (existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : []);
  return { input: { gate, trace }, open: () => writeFileSync(gate, ''), lines };
}

describe('an execution', () => {
  test('runs its states and keeps input, output and dates', async () => {
    const states = {
      Work: { ...work, Next: 'More', End: undefined },
      More: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'Work' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    };
    const { engine, run, ended, sfn } = await start('export const handler = async ({ n }) => ({ n: n + 1 });', states);
    const { executionArn = '' } = await run('one', { n: 0 });
    const execution = await ended('one');
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      name: 'one',
      stateMachineArn: MACHINE,
      input: '{"n":0}',
      output: '{"n":3}',
    });
    expect(Number(execution.stopDate)).toBeGreaterThanOrEqual(Number(execution.startDate));
    expect(engine.workflows.statesEntered(executionArn)).toBe(7);
    const machine = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE }));
    expect(machine).toMatchObject({ name: 'runs', type: 'STANDARD', status: 'ACTIVE' });
  });

  test('of the Lambda integration gets the payload wrapped', async () => {
    const task = {
      ...work,
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'FN', 'Payload.$': '$' },
      OutputPath: '$.Payload',
    };
    const { run, ended } = await start('export const handler = async (event) => ({ got: event });', { Work: task });
    await run('one', { a: 1 });
    expect(await ended('one')).toMatchObject({ status: 'SUCCEEDED', output: '{"got":{"a":1}}' });
  });

  test.each([
    ['a name of its own', `throw Object.assign(new Error('later'), { name: 'RetryableError' })`, 'RetryableError'],
    ['Lambda.Unknown for a process that ended', 'process.exit(1)', 'Lambda.Unknown'],
    ['States.DataLimitExceeded for a result too large', `return 'x'.repeat(300000)`, 'States.DataLimitExceeded'],
  ])('fails with %s', async (_, body, error) => {
    const { run, ended } = await start(`export const handler = async () => { ${body}; };`);
    await run('one');
    expect(await ended('one')).toMatchObject({ status: 'FAILED', error });
  });

  test('catches an error with its name and a cause that is JSON', async () => {
    const states = {
      Work: {
        ...work,
        End: undefined,
        Next: 'Done',
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Done' }],
      },
      Done: { Type: 'Succeed' },
    };
    const { run, ended } = await start(`export const handler = async () => { throw new TypeError('no'); };`, states);
    await run('one', { id: 7 });
    const output = JSON.parse((await ended('one')).output ?? '');
    expect(output).toMatchObject({ id: 7, error: { Error: 'TypeError' } });
    expect(JSON.parse(output.error.Cause)).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  });
});

describe('a wait', () => {
  const states = {
    Work: { ...work, End: undefined, Next: 'Until' },
    Until: { Type: 'Wait', TimestampPath: '$.until', Next: 'Done' },
    Done: { Type: 'Succeed' },
  };
  const code = 'export const handler = async ({ ms }) => ({ until: new Date(Date.now() + ms).toISOString() });';

  test('lasts until its instant', async () => {
    const { run, ended } = await start(code, states);
    await run('one', { ms: 300 });
    const { stopDate, output, status } = await ended('one');
    expect(status).toBe('SUCCEEDED');
    expect(stopDate?.getTime()).toBeGreaterThanOrEqual(Date.parse(JSON.parse(output ?? '').until) - 1);
  });

  test('of a year does not end at once, and can be stopped', async () => {
    const { engine, run, describeRun, sfn } = await start(code, states);
    const { executionArn = '' } = await run('one', { ms: 365 * 86_400_000 });
    await until(() => engine.workflows.statesEntered(executionArn) === 2);
    expect(await describeRun('one')).toMatchObject({ status: 'RUNNING' });
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await describeRun('one')).toMatchObject({ status: 'ABORTED' });
  });
});

test('an execution with too long a history fails', async () => {
  const states = {
    Work: { Type: 'Choice', Choices: [{ Variable: '$.end', IsPresent: true, Next: 'Done' }], Default: 'Again' },
    Again: { Type: 'Pass', Next: 'Work' },
    Done: { Type: 'Succeed' },
  };
  const { engine, run, ended } = await start('export const handler = async () => {};', states);
  const { executionArn = '' } = await run('one');
  expect(await ended('one')).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringContaining('25000'),
  });
  expect(engine.workflows.statesEntered(executionArn)).toBeGreaterThan(12_000);
});

describe('the name of an execution', () => {
  test('gives the same answer while it runs with the same input, and is taken for another one', async () => {
    const { input, open } = gateIn(temporaryDirectory());
    const { run, ended } = await start(waits);
    const [first, second] = await Promise.all([run('one', input), run('one', input)]);
    expect([second.executionArn, second.startDate]).toEqual([first.executionArn, first.startDate]);
    await expect(run('one', { ...input, other: true })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    open();
    await ended('one');
    await expect(run('one', input)).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('is refused when nobody has it', async () => {
    const { describeRun, sfn } = await start(waits);
    await expect(describeRun('none')).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    const nobody = new StartExecutionCommand({ stateMachineArn: `${MACHINE}-2` });
    await expect(sfn.send(nobody)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    const tooLong = new StartExecutionCommand({ stateMachineArn: MACHINE, input: JSON.stringify('x'.repeat(262_144)) });
    await expect(sfn.send(tooLong)).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  });

  test('lists the newest first, by status, in pages', async () => {
    const { run, ended, sfn } = await start(
      'export const handler = async (event) => { if (event.bad) throw new Error(); };',
    );
    for (const [name, bad] of [
      ['a', false],
      ['b', true],
      ['c', false],
    ] as const) {
      await run(name, { bad });
      await ended(name);
    }
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE, maxResults: 2 }));
    expect(page.executions?.map(({ name }) => name)).toEqual(['c', 'b']);
    const rest = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: MACHINE, maxResults: 2, nextToken: page.nextToken }),
    );
    expect(rest.executions?.map(({ name }) => name)).toEqual(['a']);
    const failed = await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE, statusFilter: 'FAILED' }));
    expect(failed.executions?.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('stopping', () => {
  test('aborts the execution at once, and leaves the function running', async () => {
    const { input, open, lines } = gateIn(temporaryDirectory());
    const { run, describeRun, sfn } = await start(waits);
    const { executionArn } = await run('one', input);
    await until(() => lines().includes('in'));
    const stop = new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by its user' });
    const first = await sfn.send(stop);
    expect(await describeRun('one')).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by its user' });
    expect(await sfn.send(stop)).toMatchObject({ stopDate: first.stopDate });
    open();
    await until(() => lines().includes('out'));
    expect(await describeRun('one')).toMatchObject({ status: 'ABORTED' });
  });

  test('ends a wait for the next retry without another invocation', async () => {
    const { input, lines } = gateIn(temporaryDirectory());
    const code = `import { appendFileSync } from 'node:fs';
      export const handler = async ({ trace }) => { appendFileSync(trace, 'in\\n'); throw new Error('again'); };`;
    const retry = { ...work, Retry: [{ ErrorEquals: ['Error'], IntervalSeconds: 1, MaxAttempts: 5 }] };
    const { engine, run, sfn } = await start(code, { Work: retry });
    const { executionArn } = await run('one', input);
    await until(
      () =>
        lines().includes('in') &&
        engine.functions
          .named('work')
          ?.sandboxes()
          .every(({ busy }) => !busy),
    );
    await sfn.send(new StopExecutionCommand({ executionArn }));
    // Whatever the stop set off has had its time when another execution has run.
    const other = gateIn(temporaryDirectory());
    await run('two', other.input);
    await until(() => other.lines().includes('in'));
    expect(lines()).toEqual(['in']);
  });
});

describe('after the engine has died', () => {
  test('what was running goes on, and what had ended is still known', async () => {
    const directory = temporaryDirectory();
    const { input, open, lines } = gateIn(directory);
    const before = await start(waits, { Work: work }, directory);
    await before.run('one', input);
    await until(() => lines().includes('in'));
    await before.engine.close();
    // What a crash leaves at the end of the file: half a line.
    appendFileSync(path.join(directory, 'executions.jsonl'), '{"arn":"half');
    open();
    const after = await start(waits, { Work: work }, directory);
    expect(await after.ended('one')).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}' });
    await after.engine.close();
    const later = await start(waits, { Work: work }, directory);
    expect(await later.describeRun('one')).toMatchObject({ status: 'SUCCEEDED' });
  });
});
