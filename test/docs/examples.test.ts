import { expect, test } from '@jest/globals';
import { usEarthquakes } from '../../lambdas/adapters/us-earthquakes.ts';
import { encodeRecordCursor } from '../../lambdas/platform/feeds/record-cursor.ts';
import { recordView } from '../../lambdas/platform/views/record-view.ts';
import { usEarthquakes as replayed } from '../../local/replay/feeds/us-earthquakes.ts';
import { textOf } from './documents.ts';

type Example = {
  readonly data: readonly [ReturnType<typeof recordView>];
  readonly _meta: {
    readonly response_generated_at: string;
    readonly pagination: { readonly limit: number; readonly next_cursor: string | null };
  };
};

/** The JSON of a document in which there is this text. */
function exampleWith(text: string, file: string): unknown {
  const blocks = [...textOf(file).matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json]) => String(json));
  return JSON.parse(String(blocks.find((block) => block.includes(text))));
}

test('the page of records in docs/api.md is what the replay would have shown', () => {
  const { data, _meta } = exampleWith('"pagination"', 'docs/api.md') as Example;
  const madeAt = Math.floor(Date.parse(_meta.response_generated_at) / 60_000) * 60_000;
  const [part] = usEarthquakes.parts(undefined);
  const [file] = replayed.files;
  if (part === undefined || file === undefined) throw new Error('the feed has no address');
  const { records } = usEarthquakes.parse(Buffer.from(replayed.bodyAt(madeAt, file)), part);
  const [first] = records.toSorted((one, other) => (one.recordId < other.recordId ? -1 : 1));
  if (first === undefined) throw new Error('the feed is empty');
  const { id: adapterId, jurisdiction, feedType } = usEarthquakes;
  const kept = { partId: part.id, aliases: [], digest: '', cycle: madeAt, forgottenAt: null };
  const updatedAt = Date.parse(data[0].updated_at);
  const record = { ...first, ...kept, adapterId, jurisdiction, feedType, updatedAt };
  expect(data).toEqual([recordView(record)]);
  const next = encodeRecordCursor({ adapterId, recordId: record.recordId });
  expect(_meta.pagination).toEqual({ limit: 1, next_cursor: next });
});
