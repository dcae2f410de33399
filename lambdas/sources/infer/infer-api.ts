import { RunFailure } from '../../domain/errors.ts';
import type { Choice } from '../../domain/infer/choice.ts';
import { mapValues } from '../../domain/infer/value-mapping.ts';
import type { JsonValue } from '../../domain/json.ts';
import { ApiSourceConfig, PaginationConfig } from '../api/config.ts';
import { type JsonPath, jsonPath } from '../api/json-path.ts';
import { type PageState, paginationOf } from '../api/pagination.ts';
import { MOST_BYTES, parseBody } from '../api/parse-body.ts';
import type { HttpAnswer, HttpExchange, HttpReply } from '../api/ports.ts';
import { recordFields } from '../api/record-fields.ts';
import { firstAddress, requestFor } from '../api/request.ts';
import { type FoundRecords, findRecords } from './find-records.ts';
import { guessPagination, type PaginationGuess } from './guess-pagination.ts';
import type { Inferred } from './inferred.ts';

/** Names of times that move on with a record. */
const changedAt = /^(date_?)?(last_?)?(updated?|modified|changed)(_?(at|on|date|time|timestamp))?$/i;

/** Undefined: there were requests enough. */
type Ask = (request: ReturnType<typeof requestFor>) => Promise<HttpReply | undefined>;

type FirstPage = { readonly answer: HttpAnswer; readonly body: JsonValue; readonly records: FoundRecords };

/**
 * Finds records and the way to the next page in an answer. Ways that the upstream does not name itself are tried, with
 * so many requests, and one that gives other records is taken.
 */
export async function inferApi(
  url: string,
  answer: HttpAnswer,
  exchange: HttpExchange,
  mostRequests: number,
  signal: AbortSignal,
): Promise<Inferred> {
  const body = parseBody(answer);
  const records = findRecords(body);
  if (records === undefined)
    throw new RunFailure('failed', 'the answer has no records: no list of objects, and is none');
  const page = { answer, body, records };
  let left = mostRequests;
  const ask: Ask = async (request) => {
    if (left === 0) return undefined;
    left--;
    return exchange({ ...request, maxBytes: MOST_BYTES, signal });
  };
  const way = await findWay(url, page, ask);
  const { mapping, choices } = mapValues(
    records.items.map((item) => recordFields(item)),
    false,
  );
  const evidence = records.path === '$' ? 'an object without a list of others' : `${records.items.length} objects`;
  return {
    source: configOf(url, records, way.value),
    mapping,
    choices: [
      { path: 'source.type', value: 'API', evidence: 'an answer in JSON', confidence: 0.95 },
      { path: 'source.records', value: records.path, evidence, confidence: records.path === '$' ? 0.4 : 0.9 },
      { path: 'source.pagination', ...way },
      everythingEachTime(records),
      ...choices,
    ],
  };
}

/** Which parameter asks for what is new no answer tells: one that is not known may be taken and left out of account. */
function everythingEachTime({ items }: FoundRecords): Choice {
  const names = new Set(items.flatMap((item) => recordFields(item).names));
  const field = [...names].find((name) => changedAt.test(name));
  const candidate = field === undefined ? '' : `, such as ${JSON.stringify(field)} here`;
  const evidence =
    'each run reads all records once more; to read only what is new, give source.incremental the field that tells when ' +
    `a record was changed${candidate}, and the parameters that ask for it (docs/wrappers.md, "API")`;
  return { path: 'source.incremental', value: null, evidence, confidence: 0.5 };
}

function configOf(url: string, records: FoundRecords, pagination: PaginationConfig): ApiSourceConfig {
  return ApiSourceConfig.parse({ type: 'API', request: { url }, pagination, records: records.path });
}

type Way = Omit<Choice, 'path' | 'value'> & { readonly value: PaginationConfig };

async function findWay(url: string, page: FirstPage, ask: Ask): Promise<Way> {
  const guesses = guessPagination(new URL(url), page.body, page.answer.headers, page.records).filter(
    // Parameters may have longer names than a definition takes.
    ({ pagination }) => PaginationConfig.safeParse(pagination).success,
  );
  for (const guess of guesses) {
    const { pagination: value, evidence } = guess;
    if (guess.isTold) return { value, evidence, confidence: 0.95 };
    const state = secondPage(url, guess, page);
    if (state === null) return { value, evidence: `${evidence}; this page is the last`, confidence: 0.6 };
    if (value.type === 'page' && guess.isStartOpen) {
      const isCountedFromZero = await leadsOn(url, value, null, page, ask);
      const found = `${evidence}; page 1 was there and is not the first`;
      if (isCountedFromZero) return { value: { ...value, start: 0 }, evidence: found, confidence: 0.85 };
    }
    if (await leadsOn(url, value, state, page, ask)) {
      return { value, evidence: `${evidence}; the next page was there`, confidence: 0.9 };
    }
  }
  const tried = guesses.length === 0 ? 'nothing speaks of other pages' : 'no way to another page was found';
  return { value: { type: 'none' }, evidence: tried, confidence: guesses.length === 0 ? 0.8 : 0.5 };
}

/** The page after the first one; null: that one says that there is none. */
function secondPage(url: string, { pagination }: PaginationGuess, { answer, body, records }: FirstPage): PageState {
  const { pagination: config } = configOf(url, records, pagination);
  return paginationOf(config).next({ page: null, body, items: records.items, seen: 0, headers: answer.headers });
}

/** Whether asking for a page gives records, and not those of the first page. */
async function leadsOn(
  url: string,
  pagination: PaginationConfig,
  state: PageState,
  page: FirstPage,
  ask: Ask,
): Promise<boolean> {
  const config = configOf(url, page.records, pagination);
  const parameters = paginationOf(config.pagination).parameters(state);
  const to = { url: firstAddress(config), parameters, mayBeMissing: true, known: undefined, isResumed: false };
  const reply = await ask(requestFor(config, to, { headers: {}, query: {} }));
  return reply !== undefined && hasOthers(reply, page);
}

/** Whether an answer has records in the same place, and not those of the first page. */
function hasOthers(reply: HttpReply, { records }: FirstPage): boolean {
  if ('unanswered' in reply || reply.status !== 200) return false;
  try {
    const list = (jsonPath(records.path) as JsonPath).value(parseBody(reply));
    if (!Array.isArray(list) || list.length === 0) return false;
    const known = new Set(records.items.map((item) => JSON.stringify(item)));
    return list.every((item) => !known.has(JSON.stringify(item)));
  } catch (error) {
    if (error instanceof RunFailure) return false;
    throw error;
  }
}
