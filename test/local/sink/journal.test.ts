import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { type Sink, startSink } from '../../../local/sink/start-sink.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'headgate-sink-'));
});

const send = (sink: Sink, wrapperId: string, batchId: string, ids: readonly string[]) =>
  fetch(`${sink.url}/points`, {
    method: 'POST',
    body: JSON.stringify({
      wrapper_id: wrapperId,
      batch_id: batchId,
      data_points: ids.map((id) => ({ id, timestamp: null, data: { of: id } })),
    }),
  });
const received = async (sink: Sink, wrapperId: string) =>
  (await fetch(`${sink.url}/received?wrapper_id=${wrapperId}`)).json();

async function withSink<Result>(use: (sink: Sink) => Promise<Result>): Promise<Result> {
  const sink = await startSink({ dataDir });
  try {
    return await use(sink);
  } finally {
    await sink.close();
  }
}

test('what was acknowledged is known again after a restart, duplicates included', async () => {
  await withSink(async (sink) => {
    await send(sink, 'w', 'b1', ['p1', 'p2']);
    await send(sink, 'w', 'b2', ['p2', 'p3']);
  });
  const counts = { batches: 2, points: 4, unique_points: 3, duplicate_points: 1, bad_duplicates: 0 };
  await withSink(async (sink) => {
    expect(await received(sink, 'w')).toEqual(counts);
    expect((await send(sink, 'w', 'b1', ['p1', 'other'])).status).toBe(422);
  });
});

test('a line that a kill cut off is dropped, and writing goes on after it', async () => {
  await withSink((sink) => send(sink, 'w', 'b1', ['p1']));
  appendFileSync(path.join(dataDir, 'sink.ndjson'), '{"w":"w","b":"b2","p":[["p2"');
  await withSink((sink) => send(sink, 'w', 'b3', ['p3']));
  await withSink(async (sink) => expect(await received(sink, 'w')).toMatchObject({ batches: 2, points: 2 }));
});

test('what was forgotten stays forgotten', async () => {
  await withSink(async (sink) => {
    await send(sink, 'w1', 'b1', ['p1']);
    await send(sink, 'w2', 'b2', ['p2']);
    await fetch(`${sink.url}/received?wrapper_id=w1`, { method: 'DELETE' });
  });
  await withSink(async (sink) => {
    expect(await received(sink, 'w1')).toMatchObject({ points: 0 });
    expect(await received(sink, 'w2')).toMatchObject({ points: 1 });
    await fetch(`${sink.url}/received`, { method: 'DELETE' });
  });
  await withSink(async (sink) => expect(await received(sink, 'w2')).toMatchObject({ points: 0 }));
});
