import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileMapping } from '../lambdas/domain/mapping/compile-mapping.ts';
import { xlsxSource } from '../lambdas/sources/xlsx/xlsx-source.ts';
import { localFile } from './local-file.ts';
import { writeXlsxFile } from './xlsx-file.ts';

/**
 * `node bench/xlsx-read.ts [--rows 100000]`: the XLSX source on a generated file of ten columns, which is kept in the
 * temporary folder; every record is mapped. Fails above 5 CPU seconds or 256 MB of peak RSS per 100,000 rows.
 */
const MOST_CPU_SECONDS = 5;
const MOST_RSS_MB = 256;

async function readMapped(path: string): Promise<number> {
  const source = xlsxSource({ type: 'XLSX', location: { url: 'file:' } }, localFile(path));
  const { signal } = new AbortController();
  const plan = await source.prepare(signal);
  const names = plan.details.columns as string[];
  const map = compileMapping({ key: ['id'] }, { names, numberStyle: {}, wrapperId: 'bench', version: 'bench' });
  let points = 0;
  for await (const batch of source.read({ plan, from: null, batchSize: 500, signal })) {
    for (const record of batch.records) {
      const point = 'rejected' in record ? record : map(record.fields, record.row);
      if ('rejected' in point) throw new Error(point.rejected);
      points++;
    }
  }
  return points;
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, measure: { type: 'boolean', default: false } },
});
const rows = Number(values.rows);
const path = join(tmpdir(), `headgate-bench-${rows}.xlsx`);
if (values.measure) await measure();
else {
  if (!existsSync(path)) await writeXlsxFile(path, rows);
  // A process of its own: writing the file takes far more memory than reading it.
  const arguments_ = [import.meta.filename, '--measure', '--rows', String(rows)];
  process.exitCode = spawnSync(process.execPath, arguments_, { stdio: 'inherit' }).status ?? 1;
}

async function measure(): Promise<void> {
  const megabytes = (await stat(path)).size / 1e6;
  const before = process.cpuUsage();
  const points = await readMapped(path);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const rss = process.resourceUsage().maxRSS / 1000;
  console.log(
    `XLSX ${points} × 10 (${megabytes.toFixed(1)} MB): ${seconds.toFixed(2)} CPU s, peak RSS ${rss.toFixed(0)} MB`,
  );
  if (points !== rows) throw new Error(`${points} of ${rows} rows`);
  const times = Math.max(rows / 100_000, 1);
  if (seconds > MOST_CPU_SECONDS * times) throw new Error(`more than ${MOST_CPU_SECONDS * times} CPU seconds`);
  if (rss > MOST_RSS_MB * times) throw new Error(`more than ${MOST_RSS_MB * times} MB`);
}
