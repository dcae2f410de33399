import path from 'node:path';
import { csvSource } from '../../lambdas/sources/csv/csv-source.ts';
import { memoryFile } from '../support/memory-file.ts';
import { type PlainRecord, readRecords } from '../support/read-source.ts';
import { type ApiDefinition, openApi } from '../support/upstream/open-api.ts';
import { type WebServer, webServer } from '../support/web-server.ts';
import type { Finding } from './check-csv.ts';
import { type Exchange, githubExchanges, socrataExchanges, stripePages } from './recorded-exchanges.ts';

/** Replays recorded exchanges with real APIs: each is read completely, page after page. */
export async function checkApiSamples(directory: string): Promise<Finding[]> {
  return [await checkGithub(directory), await checkSocrata(directory), await checkStripe(directory)];
}

async function checkGithub(directory: string): Promise<Finding> {
  const exchanges = githubExchanges(path.join(directory, 'github', 'paginate-issues.normalized-fixture.json'));
  return replay('github, 5 pages by Link header', exchanges, async (url, asked) => {
    const first = exchanges[0]?.target ?? '';
    const records = await read({
      request: { url: `${url}${first}` },
      pagination: { type: 'link_header' },
      records: '$',
    });
    const numbers = records.map((record) => fieldValue(record, 'number')).join();
    return [
      ...differs('issues', numbers, '13,12,11,10,9,8,7,6,5,4,3,2,1'),
      ...differs('requests', asked.length, exchanges.length),
    ];
  });
}

async function checkSocrata(directory: string): Promise<Finding> {
  const exchanges = socrataExchanges(path.join(directory, 'socrata', 'test_get_all.yaml'));
  const twin = socrataExchanges(path.join(directory, 'socrata', 'test_get_csv.yaml'))[0]?.body ?? '';
  return replay('socrata, 2 pages by offset, and the CSV twin', exchanges, async (url) => {
    const request = { url: `${url}${exchanges[0]?.target.replace(/\?.*/, '')}` };
    const records = await read({ request, pagination: { type: 'offset', offset_param: '$offset' }, records: '$[*]' });
    const typed = await readRecords(csvSource({ type: 'CSV', location: { url } }, memoryFile(twin)));
    const firstPage = JSON.stringify(records.slice(0, typed.length).map(fieldsOf));
    return [
      ...differs('records', records.length, 2000),
      ...differs('records of the CSV twin', typed.length, 1000),
      ...differs('the CSV twin is equal', firstPage === JSON.stringify(typed.map(fieldsOf)), true),
    ];
  });
}

async function checkStripe(directory: string): Promise<Finding> {
  const { exchanges, names } = stripePages(path.join(directory, 'stripe', 'fixtures3.json'));
  return replay('stripe, 170 objects by last id', exchanges, async (url, asked) => {
    const request = { url: `${url}/v1/objects` };
    const pagination = { type: 'last_id', param: 'starting_after', field: 'fixture', has_more: 'has_more' } as const;
    const records = await read({ request, pagination, records: '$.data[*]' });
    return [
      ...differs('objects', records.map((record) => fieldValue(record, 'fixture')).join(), names.join()),
      ...differs('requests', asked.length, exchanges.length),
    ];
  });
}

/** Serves exactly what was recorded; anything else that is asked for is an empty list, as beyond the last page. */
async function replay(
  file: string,
  exchanges: readonly Exchange[],
  check: (url: string, asked: readonly string[]) => Promise<string[]>,
): Promise<Finding> {
  const asked: string[] = [];
  const server: WebServer = await webServer((request, response) => {
    const target = decodeURIComponent(request.url ?? '');
    asked.push(target);
    const found = exchanges.find((exchange) => decodeURIComponent(exchange.target) === target);
    const headers = Object.entries(found?.headers ?? {});
    for (const [name, value] of headers)
      response.setHeader(name, value.replaceAll('https://api.github.com', server.url));
    response.setHeader('content-type', 'application/json').end(found?.body ?? '[]');
  });
  try {
    const differences = await check(server.url, asked);
    return { file, read: `${asked.length} requests`, differences };
  } catch (error) {
    return { file, read: 'failed', differences: [String(error)] };
  } finally {
    await server.close();
  }
}

function read(definition: ApiDefinition): Promise<PlainRecord[]> {
  return readRecords(openApi(definition));
}

function fieldsOf(record: PlainRecord): unknown {
  return 'rejected' in record ? record.rejected : record.fields;
}

function fieldValue(record: PlainRecord, name: string): unknown {
  return 'rejected' in record ? record.rejected : record.fields.find(([field]) => field === name)?.[1];
}

function differs(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}
