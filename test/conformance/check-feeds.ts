import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, FeedPart, ParsedRecord } from '../../lambdas/domain/feeds/adapter.ts';
import { difference, type Finding } from './check-csv.ts';
import { type FeedSample, feedSamples } from './feed-samples.ts';

/** Recorded answers of public feeds: each is read completely, and says what it said. */
export function checkFeedSamples(directory: string): Promise<Finding[]> {
  return Promise.all(feedSamples.map((sample) => checkSample(directory, sample)));
}

async function checkSample(directory: string, sample: FeedSample): Promise<Finding> {
  const { adapter, edited } = sample;
  const text = editedText(await readFile(join(directory, sample.file), 'utf8'), edited?.texts ?? {});
  const { records, publishedAt } = adapter.parse(Buffer.from(text), partOf(adapter, sample.file));
  const counts = countsOf(records);
  const differences = [
    ...difference('records', counts, sample.records),
    ...difference('located', records.filter(({ geometry }) => geometry !== null).length, sample.located),
    ...difference('ids', new Set(records.map(({ recordId }) => recordId)).size, records.length),
    ...difference('published', isoOf(publishedAt), sample.publishedAt),
    ...difference(
      'in force',
      records
        .filter(({ status }) => status === 'active')
        .map(idOf)
        .sort(),
      [...sample.active].sort(),
    ),
    ...Object.entries(sample.times ?? {}).flatMap(([id, times]) => {
      const record = records.find(({ recordId }) => recordId === id);
      return difference(id, record && [isoOf(record.startsAt), isoOf(record.endsAt)], times);
    }),
  ];
  const told = Object.entries(counts).map(([status, count]) => `, ${count} ${status}`);
  const why = edited === undefined ? '' : ` (edited: ${edited.why})`;
  return { file: sample.file, read: `${records.length} records${told.join('')}${why}`, differences };
}

/** That of the district, whose number is in the file's name; else the only one. */
function partOf(adapter: Adapter, file: string): FeedPart {
  const parts = adapter.parts('key');
  const district = /StatusD(\d\d)/.exec(file)?.[1];
  const part = district === undefined ? parts[0] : parts.find(({ id }) => id === `district-${Number(district)}`);
  if (part === undefined) throw new Error(`${adapter.id} has no part for ${file}`);
  return part;
}

function editedText(text: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`there is no ${from} to be edited`);
    return result.replaceAll(from, to);
  }, text);
}

function countsOf(records: readonly ParsedRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of records) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const idOf = ({ recordId }: ParsedRecord) => recordId;

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
