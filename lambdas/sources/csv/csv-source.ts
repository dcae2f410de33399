import { RetryableError } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import type { ReadRequest, Source, SourceBatch } from '../../domain/source.ts';
import { stillPinned } from '../still-pinned.ts';
import { type BatchLimits, batcher, MOST_BYTES } from './batcher.ts';
import type { CsvSourceConfig } from './config.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { footerFilter } from './footer-filter.ts';
import { csvPosition, layoutOf } from './layout.ts';
import { prepareCsv } from './prepare-csv.ts';
import { recordReader } from './record-reader.ts';

/**
 * Records of a CSV file (RFC 4180 with variations, see `CsvOptions`), of any size in flat memory. Rows that can't be
 * read are rejected one by one and reading goes on after them. Positions are `{offset, row}`: the byte where the next
 * row begins, read on from by a range request, and that row's number.
 */
export function csvSource(config: CsvSourceConfig, file: RemoteFile): Source {
  return {
    prepare: async (signal, pinned) => (await stillPinned(pinned, file, signal)) ?? prepareCsv(config, file, signal),
    read: (request) => readBatches(file, request),
  };
}

const whole: BatchLimits = { records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

async function* readBatches(file: RemoteFile, request: ReadRequest): AsyncGenerator<SourceBatch> {
  const { plan, from, until, signal } = request;
  const layout = layoutOf(plan);
  const start = from === null ? layout.start : csvPosition(from, layout);
  const end = until === undefined ? layout.size : csvPosition(until, layout).offset;
  if (layout.columns.length === 0 || start.offset >= end) return;

  const reader = recordReader(
    {
      encoding: encodingOf(layout.encoding) as Encoding,
      dialect: { ...layout, crEndsRow: layout.cr_ends_row },
      columns: layout.columns,
      nullWords: layout.null_words,
    },
    start,
  );
  // A batch that was read before has no footer in it, and is cut where it was cut then.
  const withoutFooter = footerFilter(until === undefined ? layout.skip_footer : 0, start);
  const batches = batcher(from, start, until === undefined ? { records: request.batchSize, bytes: MOST_BYTES } : whole);

  let received = start.offset;
  for await (const chunk of file.read({ version: plan.version, offset: start.offset, end }, signal)) {
    signal.throwIfAborted();
    received += chunk.length;
    reader.push(chunk);
    yield* completed();
  }
  // Taken for the end of the file, a broken connection would lose the rest without a word.
  if (received < end) throw new RetryableError(`the file ended after ${received} of ${end} bytes`);
  reader.finish();
  yield* completed();
  const last = batches.rest();
  if (last !== undefined) yield last;

  function* completed(): Generator<SourceBatch> {
    for (let placed = reader.next(); placed !== undefined; placed = reader.next()) {
      for (const row of withoutFooter(placed)) {
        const batch = batches.add(row);
        if (batch !== undefined) yield batch;
      }
    }
  }
}
