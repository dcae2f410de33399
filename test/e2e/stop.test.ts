import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { proofSeed } from './support/proof/proof-seed.ts';
import { type StackUnderFire, startStackUnderFire } from './support/proof/stack-under-fire.ts';
import { stopCampaign, stoppedAsPromised } from './support/proof/stop-campaign.ts';

jest.setTimeout(300_000);

let fire: StackUnderFire;
beforeAll(async () => {
  fire = await startStackUnderFire();
});
afterAll(() => fire.stop());

test('W-20, W-26: stops at random moments, whatever the destination does and with workers killed', async () => {
  const plan = { seed: proofSeed(), races: 26, at: 'any moment', lanes: 8, rows: 1000 } as const;
  const figures = await stopCampaign(plan, fire);
  expect({ ...plan, ...figures }).toMatchObject({ ...plan, ...stoppedAsPromised });
  // Batches were uncertain, or nothing would have been proven about them.
  expect(figures.repeated).toBeGreaterThan(0);
  expect(Math.max(...figures.latencies)).toBeLessThan(20_000);
});

test('W-20, W-26: stops while a run is handed over to its next execution', async () => {
  const plan = { seed: proofSeed(), races: 4, at: 'a hand-over', lanes: 2, rows: 2000 } as const;
  const figures = await stopCampaign(plan, fire);
  expect({ ...plan, ...figures }).toMatchObject({ ...plan, ...stoppedAsPromised });
});

test('W-21: two stops at the same time both succeed and leave one log entry', async () => {
  const { api } = fire;
  const id = await api.wrapperOf(csvOf(2000), { batch_size: 20 });
  await api.behave({ latency_ms: 100 });
  await api.begin(id);
  await eventually(
    () => api.received(id),
    ({ points }) => points >= 60,
  );
  const answers = await Promise.all([api.stop(id), api.stop(id)]);
  const stopped = { wrapper_id: id, success: true, message: 'Wrapper stopped successfully' };
  expect(answers.map(({ body }) => body)).toEqual([stopped, stopped]);
  const { execution_log } = (await api.get(id)).body;
  expect(execution_log.filter((line: string) => line.includes(' stopped: '))).toHaveLength(1);
});

test('W-24: an unknown id is 400 Stop error: Wrapper not found', async () => {
  const { status, body } = await fire.api.stop('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
  expect(status).toBe(400);
  expect(body).toEqual({ detail: 'Stop error: Wrapper not found' });
});
