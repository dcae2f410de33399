import type { RemoteFile } from '../../domain/file.ts';
import type { ReadRequest, Source, SourceBatch } from '../../domain/source.ts';
import { stillPinned } from '../still-pinned.ts';
import { readCellFormats } from './book/cell-formats.ts';
import { readSharedStrings } from './book/shared-strings.ts';
import type { XlsxSourceConfig } from './config.ts';
import { rowOf, xlsxLayoutOf } from './layout.ts';
import { openBook } from './open-book.ts';
import { prepareXlsx } from './prepare-xlsx.ts';
import { cellValues } from './sheet/cell-values.ts';
import { rowBatcher } from './sheet/row-batcher.ts';
import { rowFooter } from './sheet/row-footer.ts';
import { rowRecords, type SizedRecord } from './sheet/row-record.ts';
import { readRows } from './sheet/sheet-rows.ts';

/**
 * Records of a sheet of an XLSX file (ECMA-376, transitional and strict), read as it is inflated: what is in memory is
 * the workbook's shared strings and a piece of the sheet. Positions are `{row}`, the next row to read; as a zip archive
 * can't be entered in its middle, the rows before it are inflated and passed over.
 */
export function xlsxSource(config: XlsxSourceConfig, file: RemoteFile): Source {
  return {
    prepare: async (signal, pinned) => (await stillPinned(pinned, file, signal)) ?? prepareXlsx(config, file, signal),
    read: (request) => readBatches(file, request),
  };
}

type PlacedRow = SizedRecord & { readonly row: number };

async function* readBatches(file: RemoteFile, request: ReadRequest): AsyncGenerator<SourceBatch> {
  const { plan, from, until, signal } = request;
  const layout = xlsxLayoutOf(plan);
  const start = from === null ? layout.start_row : rowOf(from, layout);
  const end = until === undefined ? Number.POSITIVE_INFINITY : rowOf(until, layout);
  signal.throwIfAborted();
  if (layout.columns.length === 0 || start >= end) return;

  const facts = { version: plan.version, size: layout.size, isSequential: layout.is_sequential };
  const archive = await openBook(file, facts, signal);
  const formats = await readCellFormats(archive, layout.styles ?? undefined);
  const strings = await readSharedStrings(archive, layout.strings ?? undefined);
  const values = cellValues({ strings, formats, date1904: layout.date1904 }, layout.null_words);
  const recordOf = rowRecords(layout.columns, layout.first_column, values);
  // A batch that was read before has no footer in it, and is cut where it was cut then.
  const withoutFooter = rowFooter<PlacedRow>(until === undefined ? layout.skip_footer : 0);
  const batches = rowBatcher(from, until === undefined ? request.batchSize : Number.POSITIVE_INFINITY);

  for await (const rows of readRows(archive, layout.part, start)) {
    signal.throwIfAborted();
    for (const raw of rows) {
      if (raw.row >= end) break;
      const record = recordOf(raw);
      if (record === undefined) continue;
      for (const placed of withoutFooter({ ...record, row: raw.row })) {
        const batch = batches.add(placed.record, placed.bytes);
        if (batch !== undefined) yield batch;
      }
    }
    if ((rows.at(-1)?.row ?? 0) >= end) break;
  }
  const last = batches.rest();
  if (last !== undefined) yield last;
}
