import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { compileMapping } from '../lambdas/domain/mapping/compile-mapping.ts';
import type { SourceRecord } from '../lambdas/domain/source.ts';
import { csvSource } from '../lambdas/sources/csv/csv-source.ts';
import { writeCsvFile } from './csv-file.ts';
import { localFile } from './local-file.ts';

/**
 * `node bench/csv-parse.ts [--rows 1000000] [--only NAME]`: the CSV source beside csv-parse on the same file, which is
 * kept in the temporary folder. Each is asked for every field of every record. CPU seconds and peak memory of this
 * process: with `--only`, and the file there already, of one contender alone.
 */
const contenders: { readonly [name: string]: (path: string) => Promise<number> } = {
  source: (path) => readRecords(path, touchFields),
  'source + mapping': readMapped,
  'csv-parse': async (path) => {
    let records = 0;
    for await (const record of createReadStream(path).pipe(parse({ from_line: 2 }))) {
      if (record.length === 10) records++;
    }
    return records;
  },
};

async function readRecords(path: string, use: (record: SourceRecord) => void): Promise<number> {
  const source = csvSource({ type: 'CSV', location: { url: 'file:' } }, localFile(path));
  const { signal } = new AbortController();
  const plan = await source.prepare(signal);
  let records = 0;
  for await (const batch of source.read({ plan, from: null, batchSize: 500, signal })) {
    for (const record of batch.records) use(record);
    records += batch.records.length;
  }
  return records;
}

function touchFields(record: SourceRecord): void {
  if ('rejected' in record) throw new Error(record.rejected);
  for (const name of record.fields.names) {
    if (record.fields.get(name) === undefined) throw new Error(`no ${name}`);
  }
}

function readMapped(path: string): Promise<number> {
  let map: ReturnType<typeof compileMapping> | undefined;
  return readRecords(path, (record) => {
    if ('rejected' in record) throw new Error(record.rejected);
    const { names } = record.fields;
    map ??= compileMapping({ key: ['id'] }, { names, numberStyle: {}, wrapperId: 'bench', version: 'bench' });
    if ('rejected' in map(record.fields, record.row)) throw new Error('rejected');
  });
}

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, only: { type: 'string' } } });
const rows = Number(values.rows);
const path = join(tmpdir(), `headgate-bench-${rows}.csv`);
if (!existsSync(path)) await writeCsvFile(path, rows);
const megabytes = (await stat(path)).size / 1e6;
console.log(`${rows} rows, ${megabytes.toFixed(0)} MB`);
for (const [name, run] of Object.entries(contenders)) {
  if (values.only !== undefined && values.only !== name) continue;
  const before = process.cpuUsage();
  const records = await run(path);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const rate = (records / seconds / 1e6).toFixed(2);
  const rss = (process.resourceUsage().maxRSS / 1000).toFixed(0);
  console.log(
    `${name.padEnd(18)} ${records} records  ${seconds.toFixed(2)} CPU s  ${rate} M rows/CPU-s  peak RSS ${rss} MB`,
  );
}
