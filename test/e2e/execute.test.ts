import { describe, expect, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();

describe('W-11: a failed run', () => {
  test('W-11: an unknown wrapper is 400 Wrapper not found', async () => {
    const { status, body } = await at.api.execute('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
    expect(status).toBe(400);
    expect(body).toEqual({ detail: 'Execution error: Wrapper not found' });
  });

  test('W-11: a file that is not there is 400, and is told in status, error_message and log', async () => {
    const id = await at.api.createCsvWrapper('9d9cf8a1-4f2e-4c43-9a5e-6f1f6f1f6f1f');
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body).toEqual({ detail: 'Execution error: Wrapper file not found' });
    const wrapper = (await at.api.get(id)).body;
    expect(wrapper).toMatchObject({
      status: 'error',
      error_message: 'Wrapper file not found',
      last_data_sent: null,
      data_points_count: 0,
      checkpoint: null,
    });
    expect(wrapper.execution_log.at(-1)).toMatch(/ERROR .*Wrapper file not found/);
  });

  test('W-11: a definition that does not fit its file is 400 Invalid wrapper configuration and names the field', async () => {
    const id = await at.api.wrapperOf(csvOf(3), { mapping: { key: ['nmae'] } });
    const { status, body } = await at.api.execute(id);
    expect(status).toBe(400);
    expect(body.detail).toBe(
      'Execution error: Invalid wrapper configuration: mapping.key[0]: no column "nmae" (columns: id, name, value)',
    );
  });
});

describe('W-13: one run per wrapper', () => {
  test('W-13: an Idempotency-Key replays its run, and another request under it is 422', async () => {
    const id = await at.api.wrapperOf(csvOf(10));
    const key = { 'Idempotency-Key': 'monday' };
    const first = await at.api.execute(id, '?from=start', key);
    const again = await at.api.execute(id, '?from=start', key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await at.api.get(id, '/executions')).body.items).toHaveLength(1);
    const other = await at.api.execute(id, '', key);
    expect(other.status).toBe(422);
    expect(other.body).toEqual({ detail: expect.stringContaining('Idempotency-Key') });
    expect((await at.api.execute(id, '?from=start', { 'Idempotency-Key': 'tuesday' })).body.data_points_sent).toBe(10);
    expect((await at.api.execute(id, '?from=start', key)).body).toEqual(first.body);
  });

  test('W-13: an Idempotency-Key belongs to one wrapper', async () => {
    const [one, two] = await Promise.all([at.api.wrapperOf(csvOf(10)), at.api.wrapperOf(csvOf(20))]);
    const key = { 'Idempotency-Key': 'shared' };
    expect((await at.api.execute(one, '', key)).body.data_points_sent).toBe(10);
    expect((await at.api.execute(two, '', key)).body.data_points_sent).toBe(20);
  });
});

test.each(['cp-99999', 'yesterday'])(
  'W-14: ?from=%s, which is no checkpoint, is 400 and changes nothing',
  async (from) => {
    const id = await at.api.wrapperOf(csvOf(5));
    await at.api.execute(id);
    const { status, body } = await at.api.execute(id, `?from=${from}`);
    expect(status).toBe(400);
    expect(body.detail).toMatch(/^Execution error: .*(checkpoint|from)/i);
    expect((await at.api.get(id)).body).toMatchObject({ status: 'completed', data_points_count: 5 });
  },
);
