import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WebServer, webServer } from '../support/web-server.ts';
import { csvOf } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { workersOf } from './support/proof/workers.ts';
import { useStack } from './support/use-stack.ts';

type Request = { readonly wrapperId: string; readonly owner: unknown; readonly names: readonly string[] };

const at = useStack();
const requests: Request[] = [];
const silentFor = new Set<string>();
let destination: WebServer;

beforeAll(async () => {
  destination = await webServer(async (request, response) => {
    const { wrapper_id, data_points } = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString('utf8'));
    const names = data_points.map(({ data }: { data: { name: string } }) => data.name);
    requests.push({ wrapperId: wrapper_id, owner: request.headers['x-owner'], names });
    if (!silentFor.has(wrapper_id)) response.end('{}');
  });
});
afterAll(() => destination.close());

/** A wrapper with rows of its own, to the same destination as all, under its owner's name. */
async function wrapperOf(owner: string, firstRow: number): Promise<string> {
  const headers = { 'X-Owner': owner };
  const to = { type: 'http', url: `${destination.url}/points`, headers };
  return at.api.wrapperOf(csvOf(50, firstRow), { destination: to, batch_size: 10 });
}

const logOfSlices = () => readFileSync(path.join(at.stack.dataDir, 'logs', 'headgate-local-run-slice.log'), 'utf8');
const invocations = (what: 'START' | 'REPORT') => logOfSlices().match(new RegExp(`^${what} `, 'gm'))?.length ?? 0;
const slices = async () =>
  (await workersOf(at.stack.pid)).filter(({ functionName }) => functionName.endsWith('run-slice'));

test('wrappers that run one after the other in one process leave each other nothing: no request, timer or header', async () => {
  const first = await wrapperOf('first', 1);
  await at.api.execute(first);
  const stopped = await wrapperOf('stopped', 1001);
  // Stopped with a request in hand, a batch read ahead and a lease to keep.
  silentFor.add(stopped);
  await at.api.begin(stopped);
  await eventually(
    async () => requests.some(({ wrapperId }) => wrapperId === stopped),
    (isSending) => isSending,
  );
  await at.api.stop(stopped);
  // The slice itself ends a moment after its run.
  await eventually(
    async () => invocations('REPORT'),
    (ended) => ended === invocations('START'),
  );
  const before = await slices();
  const asked = requests.length;

  const last = await wrapperOf('last', 2001);
  expect((await at.api.execute(last)).body).toMatchObject({ success: true, data_points_sent: 50 });

  const rows = Array.from({ length: 50 }, (_, row) => `station ${2001 + row}`);
  const after = requests.slice(asked);
  expect(after.flatMap(({ names }) => names)).toEqual(rows);
  expect(after.map(({ wrapperId, owner }) => [wrapperId, owner])).toEqual(after.map(() => [last, 'last']));
  // All three were in the same process, and it had nothing to do any more when it answered.
  expect(before).toHaveLength(1);
  expect(await slices()).toEqual(before);
  expect(invocations('START')).toBeGreaterThanOrEqual(3);
  expect(logOfSlices()).not.toContain('LEFT BEHIND');
});
