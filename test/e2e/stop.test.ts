import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { eventually, unchanged } from './support/eventually.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const stopped = (id: string) => ({ wrapper_id: id, success: true, message: 'Wrapper stopped successfully' });

/** A run of 2,000 rows in its middle. */
async function inTheMiddle(latencyMs = 100): Promise<string> {
  const id = await at.api.wrapperOf(csvOf(2000), { batch_size: 20 });
  await at.api.behave({ latency_ms: latencyMs });
  await at.api.begin(id);
  await eventually(
    () => at.api.received(id),
    ({ points }) => points >= 60,
  );
  return id;
}

async function statusInStepFunctions(wrapperId: string, executionId: string): Promise<string | undefined> {
  const client = new SFNClient({
    endpoint: at.stack.stepFunctionsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const epoch = executionId.slice(wrapperId.length + 1);
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:headgate-local-runs:${wrapperId}-${epoch}-0`;
  try {
    return (await client.send(new DescribeExecutionCommand({ executionArn }))).status;
  } finally {
    client.destroy();
  }
}

describe('W-20: nothing is sent and nothing committed once stop has answered', () => {
  test('W-20: a destination that takes a batch and never answers does not keep stop from its 20 seconds', async () => {
    const id = await inTheMiddle(20);
    await at.api.behave({ hang_rate: 1 });
    const asked = Date.now();
    expect((await at.api.stop(id)).body).toEqual(stopped(id));
    expect(Date.now() - asked).toBeLessThan(20_000);
    const before = await at.api.received(id);
    await unchanged(() => at.api.received(id), 4000);
    await at.api.behave({});
    expect((await at.api.execute(id)).body.success).toBe(true);
    expect(await at.api.received(id)).toMatchObject({ unique_points: 2000, bad_duplicates: 0 });
    expect(before.points).toBeLessThan(2000);
  });

  test('W-20: a batch that was stored but not acknowledged is sent again under its old ids after the stop', async () => {
    const id = await inTheMiddle(20);
    await at.api.behave({ accept_then_drop_rate: 1 });
    await eventually(
      () => at.api.get(id, '/monitoring'),
      ({ body }) => body.monitoring_details.recent_errors.length > 0,
    );
    expect((await at.api.stop(id)).body).toEqual(stopped(id));
    await unchanged(() => at.api.received(id), 2000);
    await at.api.behave({});
    expect((await at.api.execute(id)).body.success).toBe(true);
    const received = await at.api.received(id);
    expect(received).toMatchObject({ unique_points: 2000, bad_duplicates: 0, batches: 100 });
    expect(received.duplicate_points).toBeGreaterThan(0);
  });
});

test('W-21: two stops at the same time both succeed and leave one log entry', async () => {
  const id = await inTheMiddle();
  const answers = await Promise.all([at.api.stop(id), at.api.stop(id)]);
  expect(answers.map(({ body }) => body)).toEqual([stopped(id), stopped(id)]);
  const { execution_log } = (await at.api.get(id)).body;
  expect(execution_log.filter((line: string) => line.includes(' stopped: '))).toHaveLength(1);
});

test('W-24: an unknown id is 400 Stop error: Wrapper not found', async () => {
  const { status, body } = await at.api.stop('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
  expect(status).toBe(400);
  expect(body).toEqual({ detail: 'Stop error: Wrapper not found' });
});

test('W-26: the Step Functions execution of a stopped run is ABORTED when stop has answered', async () => {
  const id = await inTheMiddle();
  const [{ execution_id }] = (await at.api.get(id, '/executions')).body.items;
  expect(await statusInStepFunctions(id, execution_id)).toBe('RUNNING');
  await at.api.stop(id);
  expect(await statusInStepFunctions(id, execution_id)).toBe('ABORTED');
});
