import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, expect, test } from '@jest/globals';
import type { Engine } from '../../../../local/engine/engine.ts';
import { clientSettings, startTestEngine } from '../start-test-engine.ts';

let engine: Engine | undefined;
afterEach(() => engine?.close());

const Target = { Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, RoleArn: 'role', Input: '{"a":1}' };
const tick = (more: object) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target,
    ...more,
  },
});
const rule = {
  Type: 'AWS::Events::Rule',
  Properties: { Name: 'rule', ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: '1', Arn: Target.Arn }] },
};

async function start(): Promise<{ readonly engine: Engine; readonly client: SchedulerClient }> {
  const resources = { Tick: tick({ Name: 'tick' }), Off: tick({ Name: 'off', State: 'DISABLED' }), Rule: rule };
  engine = await startTestEngine({ Fn: 'export const handler = async () => {};' }, resources);
  return { engine, client: new SchedulerClient(clientSettings(engine.schedulerUrl)) };
}

test('a schedule is described as it is, enabled or not', async () => {
  const { engine, client } = await start();
  expect(await client.send(new GetScheduleCommand({ Name: 'tick' }))).toMatchObject({
    Name: 'tick',
    GroupName: 'default',
    State: 'ENABLED',
    ScheduleExpression: 'rate(1 minute)',
    Target: { Arn: expect.stringMatching(/:function:/), Input: '{"a":1}' },
  });
  expect(await client.send(new GetScheduleCommand({ Name: 'off' }))).toMatchObject({ State: 'DISABLED' });
  engine.schedules.setState('tick', 'DISABLED');
  expect(await client.send(new GetScheduleCommand({ Name: 'tick' }))).toMatchObject({ State: 'DISABLED' });
});

test.each([{ Name: 'nobody' }, { Name: 'rule' }, { Name: 'tick', GroupName: 'other' }])(
  '%j does not exist',
  async (input) => {
    const { client } = await start();
    await expect(client.send(new GetScheduleCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  },
);

test('what is not simulated is refused', async () => {
  const { client } = await start();
  await expect(client.send(new ListSchedulesCommand())).rejects.toThrow('GET /schedules is not simulated');
});
