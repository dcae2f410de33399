import { startUpstream } from '../../support/upstream/upstream.ts';
import { type XlsxCell, xlsxFile } from '../../support/xlsx-file.ts';
import { fileServer } from './file-server.ts';

/** `value` is a number, or what is none. */
export type TestRecord = { readonly id: number; readonly value: number | string };

/** A source at an address of its own, whose records and manners are the test's to choose. */
export type TestSource = {
  readonly type: 'API' | 'CSV' | 'XLSX';
  /** As in a wrapper's definition; `url` in place of its own address. */
  definition(url?: string): Readonly<Record<string, unknown>>;
  /** Has these records from now on, and no others. */
  hold(records: readonly TestRecord[]): void;
  /** Answers from now on with what no source of its kind is. */
  garble(): void;
  /** Answers with this status from now on; `hang`: not at all. */
  fail(how: number | 'hang'): void;
  close(): Promise<void>;
};

/** One of each kind, all of them empty. */
export function openTestSources(): Promise<readonly TestSource[]> {
  return Promise.all([
    apiSource(),
    fileSource('CSV', csvOf, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])),
    fileSource('XLSX', xlsxOf, Buffer.from('id,value\n1,2\n')),
  ]);
}

/** Records that differ in all they have. */
export function recordsOf(count: number, from = 1): readonly TestRecord[] {
  return Array.from({ length: count }, (_, at) => ({ id: from + at, value: (from + at) / 10 }));
}

async function apiSource(): Promise<TestSource> {
  // No divisor of the batches in use, so that positions are also within a page.
  const upstream = await startUpstream([], 70);
  return {
    type: 'API',
    definition: (url = `${upstream.url}/page`) => ({
      type: 'API',
      request: { url },
      pagination: { type: 'page', param: 'page', total: '$.total' },
      records: '$.data[*]',
    }),
    hold(records) {
      upstream.records = [...records];
    },
    garble() {
      upstream.fault = (_request, response) => Boolean(response.end('<html>Sign in</html>'));
    },
    fail(how) {
      upstream.fault = (_request, response) =>
        how === 'hang' || Boolean(response.writeHead(how, { 'content-type': 'application/json' }).end('{}'));
    },
    close: upstream.close,
  };
}

async function fileSource(
  type: 'CSV' | 'XLSX',
  write: (records: readonly TestRecord[]) => Buffer,
  garbled: Buffer,
): Promise<TestSource> {
  const server = await fileServer(write([]));
  return {
    type,
    definition: (url = `${server.url}/file`) => ({ type, location: { url } }),
    hold(records) {
      server.content = write(records);
    },
    garble() {
      server.content = garbled;
    },
    fail(how) {
      server.mode = how;
    },
    close: server.close,
  };
}

function csvOf(records: readonly TestRecord[]): Buffer {
  return Buffer.from(`id,value\n${records.map(({ id, value }) => `${id},${value}\n`).join('')}`);
}

function xlsxOf(records: readonly TestRecord[]): Buffer {
  return xlsxFile([['id', 'value'], ...records.map(({ id, value }): XlsxCell[] => [id, value])]);
}
