import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';

const file = path.join(import.meta.dirname, 'demo', 'stations.csv');
const LOOK_EVERY_MS = 200;

/**
 * Takes a bundled CSV through a wrapper into the sink, as a user would over HTTP: upload, create, execute, watch.
 * Answers whether every row of it arrived exactly once.
 */
export async function runDemo(api: Client, sinkUrl: string, log: (line: string) => void): Promise<boolean> {
  const bytes = await readFile(file);
  const rows = bytes.toString('utf8').trimEnd().split('\n').length - 1;
  const csv = { filename: 'stations.csv', size: bytes.length, content: Readable.from([bytes]) };
  log(`Demo: ${rows} rows of ${path.basename(file)} into the sink`);
  const wrapperId = await createWrapper(api, await api.upload(csv), sinkUrl);
  const at = `/resources/wrappers/${wrapperId}`;
  // The same key asks for the same run: once to begin it, once for its result.
  const key = { 'Idempotency-Key': randomUUID() };
  await api.call('POST', `${at}/execute`, undefined, { ...key, Prefer: 'respond-async' });
  await watch(api, at, rows, log);
  const result = await api.call('POST', `${at}/execute`, undefined, key);
  const health = await api.call('GET', `${at}/health`);
  const execution = await api.call('GET', `${at}/executions`);
  const received = await (await fetch(`${sinkUrl}/received?wrapper_id=${wrapperId}`)).json();
  log(`  result    ${JSON.stringify(result.body)}`);
  log(`  health    ${JSON.stringify(health.body)}`);
  log(`  sink      ${JSON.stringify(received)}`);
  return isComplete(execution, received, rows);
}

async function createWrapper(api: Client, fileId: string, sinkUrl: string): Promise<string> {
  const created = await api.call('POST', '/resources/wrappers', {
    name: 'demo: weather stations',
    source: { type: 'CSV', location: { file_id: fileId } },
    mapping: {
      fields: [
        { from: 'station_id' },
        { from: 'temperature_c', type: 'number' },
        { from: 'humidity', type: 'integer' },
        { from: 'note' },
      ],
      timestamp: { from: 'observed_at', format: 'iso' },
      key: ['station_id', 'observed_at'],
    },
    destination: { type: 'http', url: `${sinkUrl}/points` },
  });
  if (created.status !== 201) throw new Error(`creating the wrapper was answered ${JSON.stringify(created.body)}`);
  return String(created.body.wrapper_id);
}

/** A line whenever the run has got on. */
async function watch(api: Client, at: string, rows: number, log: (line: string) => void): Promise<void> {
  for (let shown = -1; ; ) {
    const { body } = await api.call('GET', at);
    const count = Number(body.data_points_count);
    if (count !== shown) log(`  progress  ${count} of ${rows}`);
    shown = count;
    if (body.status !== 'executing') return;
    await sleep(LOOK_EVERY_MS);
  }
}

function isComplete(execution: Answer, received: unknown, rows: number): boolean {
  const [last] = execution.body.items as { status: string }[];
  const { unique_points, duplicate_points } = received as { unique_points: number; duplicate_points: number };
  return last?.status === 'completed' && unique_points === rows && duplicate_points === 0;
}
