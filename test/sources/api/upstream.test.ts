import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { RunFailure, ThrottledError } from '../../../lambdas/domain/errors.ts';
import type { ReadSecret } from '../../../lambdas/domain/secrets.ts';
import type { SourceBatch } from '../../../lambdas/domain/source.ts';
import { leapingClock } from '../../support/leaping-clock.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { readBatches, readValues } from '../../support/read-source.ts';
import { type ApiDefinition, openApi } from '../../support/upstream/open-api.ts';
import { answer, type Fault, startUpstream, times, type Upstream } from '../../support/upstream/upstream.ts';

let upstream: Upstream;
let other: Upstream;
beforeAll(async () => {
  upstream = await startUpstream([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }], 2);
  other = await startUpstream([{ id: 5 }]);
});
afterEach(() => {
  for (const each of [upstream, other]) {
    each.fault = undefined;
    each.requests.length = 0;
  }
});
afterAll(async () => {
  await upstream.close();
  await other.close();
});

const byPage: Pick<ApiDefinition, 'pagination' | 'records'> = {
  pagination: { type: 'page', param: 'page', total: 'total' },
  records: '$.data[*]',
};
const byUrl: Pick<ApiDefinition, 'pagination' | 'records'> = {
  pagination: { type: 'next_url', path: 'next' },
  records: '$.data[*]',
};
const CURSOR = { type: 'cursor', param: 'cursor', path: '$.meta.next' } as const;
const definition = (more: Partial<ApiDefinition> = {}): ApiDefinition => ({
  request: { url: `${upstream.url}/page` },
  ...byPage,
  ...more,
});

const secrets: { [name: string]: string } = {
  token: 'canary-t0ken',
  user: 'ada',
  stale: 'old',
  id: 'client',
  key: 's3cret',
};
const readSecret: ReadSecret = async (name, { fresh = false } = {}) =>
  fresh && name === 'stale' ? 'new' : (secrets[name] as string);

/** What reading ends with. */
async function failure(more: Partial<ApiDefinition> = {}, fault: Fault | undefined = undefined): Promise<Error> {
  upstream.fault = fault;
  const source = openApi(definition(more), { clock: leapingClock(MORNING), readSecret });
  return readBatches(source, { batchSize: 2 }).then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );
}

const kindOf = (error: Error) =>
  error instanceof RunFailure ? `${error.kind}: ${error.message}` : `${error.name}: ${error.message}`;
const place = () => `${upstream.url}/page`;
const ok = (body: string) => times(1, answer(200, body));

describe('first contact (W-11)', () => {
  test('refused credentials are refused, other statuses fail the run', async () => {
    expect(kindOf(await failure({}, answered(401)))).toBe(
      `refused: Data source connection failed: HTTP 401 from source (${place()})`,
    );
    expect(kindOf(await failure({}, answered(403)))).toBe(
      `refused: Data source connection failed: HTTP 403 from source (${place()})`,
    );
    expect(kindOf(await failure({}, answered(404)))).toBe(`failed: HTTP 404 from source (${place()})`);
    expect(kindOf(await failure({}, answered(500)))).toBe(`failed: HTTP 500 from source (${place()})`);
    expect(kindOf(await failure({}, answered(302)))).toBe(`failed: HTTP 302 from source (${place()})`);
  });

  test("an error shows the upstream's own words, on one line and without the credentials that it echoes", async () => {
    const auth = { type: 'bearer', token: { secret: 'token' } } as const;
    const body = '{"message": "range must not\\nexceed 31 days", "you": "Bearer canary-t0ken"}';
    expect(kindOf(await failure({ auth }, times(1, answer(400, body))))).toBe(
      `failed: HTTP 400 from source (${place()}): {"message": "range must not\\nexceed 31 days", "you": "[redacted]"}`,
    );
  });

  test('an error in disguise is no list, whatever the path says', async () => {
    const fault = ok('{"Message": "Invalid access code"}');
    expect(kindOf(await failure({ records: '$[*]', pagination: { type: 'none' } }, fault))).toBe(
      `failed: "$[*]" in the answer of ${place()} is not a list: {"Message":"Invalid access code"}`,
    );
  });

  test('a connection that is refused or cut makes it unavailable', async () => {
    const cut: Fault = (_request, response) => {
      response.destroy();
      return true;
    };
    expect(kindOf(await failure({}, cut))).toBe('unavailable: Connection reset');
    expect(kindOf(await failure({ request: { url: 'http://127.0.0.1:9/' } }))).toBe('unavailable: Connection refused');
  });

  test('a forbidden address is refused', async () => {
    expect(kindOf(await failure({ request: { url: 'http://10.0.0.1/' } }))).toBe(
      'refused: Forbidden address: http://10.0.0.1 is not https',
    );
  });

  test('a redirect loop is refused', async () => {
    const loop: Fault = (_request, response) => {
      response.writeHead(302, { location: '/page' }).end();
      return true;
    };
    expect(kindOf(await failure({}, loop))).toBe('refused: Data source connection failed: more than 3 redirects');
  });
});

describe('trouble half-way', () => {
  const onPage2 =
    (fault: Fault): Fault =>
    (request, response) =>
      request.url.includes('page=2') && fault(request, response);

  test('passes when it mends itself', async () => {
    upstream.fault = onPage2(times(2, answer(503)));
    const clock = leapingClock(MORNING);
    const values = await readValues(openApi(definition(), { clock }));
    expect(values).toEqual([[1], [2], [3], [4]]);
  });

  test('fails the run otherwise', async () => {
    expect(kindOf(await failure({}, onPage2(answered(500))))).toBe(`failed: HTTP 500 from source (${place()})`);
    expect(kindOf(await failure({}, onPage2(answered(403))))).toBe(`failed: HTTP 403 from source (${place()})`);
  });

  test('with a page that a checkpoint names says that its cursor may have expired', async () => {
    const cursors = { request: { url: `${upstream.url}/cursor` }, pagination: CURSOR };
    const [first] = await readBatches(openApi(definition(cursors)), { batchSize: 2 });
    upstream.fault = answered(410);
    const { signal } = new AbortController();
    const resume = async (from: SourceBatch['from']) => {
      const source = openApi(definition(cursors));
      const request = { plan: await source.prepare(signal), from, batchSize: 2, signal };
      return Array.fromAsync(source.read(request)).then(() => 'read', kindOf);
    };
    const why = `failed: HTTP 410 from source (${upstream.url}/cursor)`;
    expect(await resume(first?.to ?? null)).toBe(
      `${why}; it may no longer have the page that the checkpoint names: execute with ?from=start to begin again`,
    );
    expect(await resume(null)).toBe(why);
  });

  test('leaves what came before it to be delivered', async () => {
    upstream.fault = onPage2(answered(410));
    const source = openApi(definition());
    const seen: SourceBatch[] = [];
    const { signal } = new AbortController();
    const plan = await source.prepare(signal);
    const reading = (async () => {
      for await (const batch of source.read({ plan, from: null, batchSize: 100, signal })) seen.push(batch);
    })();
    await expect(reading).rejects.toThrow('HTTP 410');
    expect(seen.map(({ records }) => records.length)).toEqual([2]);
  });
});

describe('rate limits', () => {
  const DAY = 86_400_000;
  const utc = (ms: number) => new Date(ms).toUTCString();

  test.each([
    ['Retry-After in seconds', 429, { 'retry-after': '2' }, 2000],
    ['Retry-After as a date', 503, { date: utc(MORNING), 'retry-after': utc(MORNING + 3000) }, 3000],
    [
      'Retry-After by a clock that is a day ahead',
      429,
      { date: utc(MORNING + DAY), 'retry-after': utc(MORNING + DAY + 3000) },
      3000,
    ],
    [
      'reset by a clock that is a day behind',
      429,
      {
        date: utc(MORNING - DAY),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String((MORNING - DAY) / 1000 + 4),
      },
      4000,
    ],
    [
      'reset as an instant',
      429,
      { date: utc(MORNING), 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(MORNING / 1000 + 4) },
      4000,
    ],
    [
      'reset as an instant in milliseconds',
      403,
      { date: utc(MORNING), 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(MORNING + 4000) },
      4000,
    ],
    ['reset as a delay', 429, { 'ratelimit-remaining': '0', 'ratelimit-reset': '5' }, 5000],
  ])('%s: a short rest is waited out', async (_name, status, headers, ms) => {
    upstream.fault = times(1, answer(status, '', headers as Record<string, string>));
    const clock = leapingClock(MORNING);
    expect(await readValues(openApi(definition(), { clock }))).toHaveLength(4);
    expect(clock.now() - MORNING).toBe(ms);
  });

  test('a long rest is spent outside the slice', async () => {
    const error = await failure({}, times(1, answer(429, '', { 'retry-after': '60' })));
    expect(error).toBeInstanceOf(ThrottledError);
    expect((error as ThrottledError).retryAt - MORNING).toBeGreaterThanOrEqual(60_000);
    expect((error as ThrottledError).retryAt - MORNING).toBeLessThan(62_000);
    expect(error.message).toBe(`rate limit of ${place()}`);
  });

  test('a used up allowance ends the slice after what it has paid for', async () => {
    upstream.fault = (_request, response) => {
      response.setHeader('x-ratelimit-remaining', '0');
      response.setHeader('x-ratelimit-reset', '120');
      return false;
    };
    const source = openApi(definition());
    const { signal } = new AbortController();
    const reading = source.read({ plan: await source.prepare(signal), from: null, batchSize: 100, signal });
    const first = await reading[Symbol.asyncIterator]().next();
    expect((first.value as SourceBatch).records).toHaveLength(2);
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(ThrottledError);
    expect(upstream.requests).toHaveLength(1);
  });

  test('an upstream that never says how long is left alone in the end', async () => {
    expect(await failure({}, answered(429))).toBeInstanceOf(ThrottledError);
    expect(upstream.requests.length).toBeLessThan(10);
  });
});

describe('answers that are no data', () => {
  const deep = `{"data":[${'['.repeat(1000)}${']'.repeat(1000)}]}`;
  test.each([
    ['a web page', '<!doctype html><html>login</html>', 'is not JSON: it is a web page'],
    ['XML', '<?xml version="1.0"?><a/>', 'is not JSON: it is XML'],
    ['nothing', '', 'is empty'],
    ['broken JSON', '{"data": [1, 2', 'is not JSON: '],
    ['NaN', '{"data": [{"v": NaN}]}', "is not JSON: Unexpected token 'N'"],
    ['a thousand levels', deep, 'is nested more than 200 deep'],
    ['no such path', '{"error": "quota"}', 'has no "$.data[*]"'],
    ['no list', '{"data": "none"}', 'is not a list'],
  ])('%s', async (_name, body, reason) => {
    const error = await failure({ request: { url: `${place()}?key=canary` } }, ok(body));
    expect(kindOf(error)).toMatch(/^failed: /);
    expect(error.message).toContain(reason);
    expect(error.message).toContain(place());
    expect(error.message).not.toContain('canary');
  });

  test('a body without end is left as soon as it is too large', async () => {
    let isLeft: Promise<unknown> | undefined;
    let sent = 0;
    const endless: Fault = (_request, response) => {
      isLeft = once(response, 'close');
      const chunk = Buffer.alloc(256 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
      return true;
    };
    expect(kindOf(await failure({}, endless))).toBe(`failed: the answer of ${place()} is larger than 16 MiB`);
    await isLeft;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('a compressed bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, ' '));
    const error = await failure({}, times(1, answer(200, bomb, { 'content-encoding': 'gzip' })));
    expect(kindOf(error)).toBe(`failed: the answer of ${place()} is larger than 16 MiB`);
  });

  test('the same page for ever', async () => {
    const page = answer(200, '{"data": [{"id": 1}], "next": "?page=1"}');
    expect(kindOf(await failure(byUrl, always(page)))).toContain('the same page again and again');
    const distinct = answer(200, '{"data": [{"id": 1}, {"id": 2}]}');
    expect(kindOf(await failure({}, always(distinct)))).toContain('the same page again and again');
  });

  test('empty pages for ever', async () => {
    let page = 0;
    const empty: Fault = (request, response) => {
      page++;
      answer(200, JSON.stringify({ data: [], next: `?page=${page}` }))(request, response);
      return true;
    };
    expect(kindOf(await failure(byUrl, empty))).toBe(
      `failed: ${place()} gives 1000 empty pages in a row (source.pagination)`,
    );
  });

  test.each<[string, readonly (readonly unknown[])[]]>([
    ['a few small ones that are equal', [[0], [0], [0], [0], [1]]],
    [
      'some that differ in their middle only',
      [
        [0, 1, 0],
        [0, 2, 0],
        [0, 3, 0],
        [0, 4, 0],
        [0, 5, 0],
        [0, 6, 0],
      ],
    ],
    ['many without a record', [[1], ...Array.from({ length: 100 }, () => []), [2]]],
  ])('but not pages that are no loop: %s', async (_, pages) => {
    upstream.fault = (request, response) => {
      const at = Number(new URL(request.url, upstream.url).searchParams.get('at') ?? 0);
      const data = (pages[at] ?? []).map((value) => ({ value }));
      answer(200, JSON.stringify({ data, next: at + 1 < pages.length ? `?at=${at + 1}` : null }))(request, response);
      return true;
    };
    expect(await readValues(openApi(definition(byUrl)))).toHaveLength(pages.flat().length);
  });

  test('a cursor that no checkpoint could hold', async () => {
    const page = answer(200, JSON.stringify({ data: [{ id: 1 }], next: `?c=${'x'.repeat(701)}` }));
    expect(kindOf(await failure(byUrl, always(page)))).toBe(
      'failed: the cursor of the next page is longer than 700 bytes',
    );
  });

  test('compressed data without an end is asked for again, as after a reset', async () => {
    const cut = gzipSync(JSON.stringify([{ id: 7 }])).subarray(0, -4);
    upstream.fault = times(1, answer(200, cut, { 'content-encoding': 'gzip' }));
    const source = openApi(definition({ records: '$', pagination: { type: 'none' } }), {
      clock: leapingClock(MORNING),
    });
    await readBatches(source);
    expect(upstream.requests).toHaveLength(2);
  });

  test('a byte order mark and another content type do no harm', async () => {
    upstream.fault = times(1, answer(200, '\uFEFF[{"id": 7}]', { 'content-type': 'text/plain' }));
    expect(await readValues(openApi(definition({ records: '$', pagination: { type: 'none' } })))).toEqual([[7]]);
  });

  test('numbers keep their digits, and __proto__ is a field like any other', async () => {
    const text = '{"big":12345678901234567890,"exact":0.12345678901234567890,"__proto__":{"admin":true},"n":1.5}';
    upstream.fault = times(1, answer(200, `[${text}]`));
    const [batch] = await readBatches(openApi(definition({ records: '$[*]', pagination: { type: 'none' } })));
    const [record] = batch?.records ?? [];
    if (record === undefined || !('fields' in record)) throw new Error('no record');
    const { names, get } = record.fields;
    expect(`{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(get(name))}`).join(',')}}`).toBe(text);
    expect(get('admin')).toBeUndefined();
    expect(get('constructor')).toBeUndefined();
  });
});

describe('credentials', () => {
  const needs =
    (name: string, value: string): Fault =>
    (request, response) => {
      if (request.headers[name] === value) return false;
      answer(401)(request, response);
      return true;
    };
  const read = (more: Partial<ApiDefinition>) => readValues(openApi(definition(more), { readSecret }));

  test('bearer, key in a header, basic', async () => {
    upstream.fault = needs('authorization', 'Bearer canary-t0ken');
    expect(await read({ auth: { type: 'bearer', token: { secret: 'token' } } })).toHaveLength(4);
    upstream.fault = needs('x-key', 's3cret');
    expect(
      await read({ auth: { type: 'api_key', in: 'header', name: 'X-Key', value: { secret: 'key' } } }),
    ).toHaveLength(4);
    upstream.fault = needs('authorization', `Basic ${btoa('ada:s3cret')}`);
    const basic = { type: 'basic', username: { secret: 'user' }, password: { secret: 'key' } } as const;
    expect(await read({ auth: basic })).toHaveLength(4);
  });

  test('a key in the query is asked with on each page, and kept in no position although the upstream echoes it', async () => {
    const auth = { type: 'api_key', in: 'query', name: 'key', value: { secret: 'key' } } as const;
    const style = { request: { url: `${upstream.url}/next-url` }, records: '$.items[*]' };
    const pagination = { type: 'next_url', path: 'links.next' } as const;
    const batches = await readBatches(openApi(definition({ ...style, pagination, auth }), { readSecret }), {
      batchSize: 1,
    });
    expect(batches).toHaveLength(4);
    expect(JSON.stringify(batches.map(({ to }) => to))).not.toContain('s3cret');
    for (const { url } of upstream.requests) expect(url).toContain('key=s3cret');
  });

  test.each([['apiKEY=s3cret'], ['ApiKey=other'], ['token=s3cret']])(
    'a key that comes back as %s is kept in no position',
    async (echo) => {
      const auth = { type: 'api_key', in: 'query', name: 'apikey', value: { secret: 'key' } } as const;
      const first = { data: [{ id: 1 }], next: `/next?page=2&${echo}` };
      upstream.fault = (request, response) => {
        answer(200, JSON.stringify(request.url.includes('page=2') ? { data: [] } : first))(request, response);
        return true;
      };
      const [batch] = await readBatches(openApi(definition({ ...byUrl, auth }), { readSecret }), { batchSize: 1 });
      expect(batch?.to).toMatchObject({ page: '/next?page=2' });
    },
  );

  test.each(['two\r\nlines', 'K\u0151szeg'])('a secret that no header can hold is refused: %j', async (secret) => {
    secrets.odd = secret;
    const request = { url: `${upstream.url}/page`, headers: { 'X-Tenant': { secret: 'odd' } } };
    expect(kindOf(await failure({ request }))).toBe(
      "refused: Invalid wrapper configuration: source.request.headers: the X-Tenant header can't hold this secret",
    );
    expect(upstream.requests).toEqual([]);
  });

  test('a secret that was renewed is read afresh, once', async () => {
    upstream.fault = needs('authorization', 'Bearer new');
    expect(await read({ auth: { type: 'bearer', token: { secret: 'stale' } } })).toHaveLength(4);
    upstream.requests.length = 0;
    const error = await failure({ auth: { type: 'bearer', token: { secret: 'token' } } }, answered(401));
    expect(kindOf(error)).toContain('refused: Data source connection failed: HTTP 401');
    expect(upstream.requests).toHaveLength(2);
  });

  describe('OAuth2', () => {
    const auth = () =>
      ({
        type: 'oauth2' as const,
        token_url: `${other.url}/token`,
        client_id: { secret: 'id' },
        client_secret: { secret: 'key' },
        scopes: ['read', 'list'],
      }) satisfies ApiDefinition['auth'];
    const token = (value: string) => answer(200, JSON.stringify({ access_token: value, expires_in: 3600 }));

    test('one token serves until it is refused, then another one is got', async () => {
      let tokens = 0;
      other.fault = (request, response) => {
        tokens++;
        token(`t${tokens}`)(request, response);
        return true;
      };
      upstream.fault = (request, response) => {
        // The first token is valid for one page only.
        const valid = request.url.includes('page=2') ? 'Bearer t2' : 'Bearer t1';
        return needs('authorization', valid)(request, response);
      };
      expect(await read({ auth: auth() })).toHaveLength(4);
      expect(tokens).toBe(2);
      expect(other.requests[0]?.headers.authorization).toBe(`Basic ${btoa('client:s3cret')}`);
      expect(other.requests[0]?.body).toBe('grant_type=client_credentials&scope=read+list');
    });

    test('a server that takes the client in the body only gets it there', async () => {
      other.fault = (request, response) => {
        const isInBody = request.body.includes('client_id=client&client_secret=s3cret');
        (isInBody ? token('t1') : answer(401))(request, response);
        return true;
      };
      upstream.fault = needs('authorization', 'Bearer t1');
      expect(await read({ auth: auth() })).toHaveLength(4);
    });

    test.each(['1e999', '{}', '[3600]', '"soon"', '0', 'null'])('a lifetime of %s is none', async (lifetime) => {
      other.fault = always(answer(200, `{"access_token": "t1", "expires_in": ${lifetime}}`));
      upstream.fault = needs('authorization', 'Bearer t1');
      expect(await read({ auth: auth() })).toHaveLength(4);
      expect(other.requests).toHaveLength(1);
    });

    test('a rate limit of the token endpoint is respected', async () => {
      const wait = (seconds: number) => answer(429, '', { 'retry-after': String(seconds) });
      other.fault = always(wait(600));
      const error = await failure({ auth: auth() });
      expect(error).toBeInstanceOf(ThrottledError);
      expect((error as ThrottledError).retryAt).toBe(MORNING + 600_000);
      expect(other.requests).toHaveLength(1);
    });

    test.each([400, 401])('a client secret that was renewed is read afresh after %i', async (status) => {
      other.fault = (request, response) => {
        const isNew = request.headers.authorization === `Basic ${btoa('client:new')}`;
        (isNew ? token('t1') : answer(status))(request, response);
        return true;
      };
      upstream.fault = needs('authorization', 'Bearer t1');
      expect(await read({ auth: { ...auth(), client_secret: { secret: 'stale' } } })).toHaveLength(4);
    });

    test('a client that is refused as it is kept and as it is now is not asked for again', async () => {
      other.fault = always(answer(401));
      const error = await failure({ auth: { ...auth(), client_secret: { secret: 'stale' } } });
      expect(kindOf(error)).toContain('refused: Data source connection failed: HTTP 401 from token endpoint');
      // Each of the two as both ways to identify oneself.
      expect(other.requests).toHaveLength(4);
    });

    test('a refused client is refused, and nothing of it is shown', async () => {
      other.fault = always(answer(400, '{"error": "invalid_client s3cret"}'));
      const error = await failure({ auth: auth() });
      expect(kindOf(error)).toBe(
        `refused: Data source connection failed: HTTP 400 from token endpoint ${new URL(other.url).host}`,
      );
      expect(other.requests).toHaveLength(2);
    });
  });

  test('stay with their own origin', async () => {
    upstream.fault = (request, response) => {
      answer(200, JSON.stringify({ data: [{ id: 1 }], next: `${other.url}/leak` }))(request, response);
      return true;
    };
    other.fault = always(answer(200, '{"data": [{"id": 2}]}'));
    const auth = { type: 'bearer', token: { secret: 'token' } } as const;
    const request = { url: `${upstream.url}/page`, headers: { 'X-Tenant': { secret: 'key' } } };
    expect(await read({ ...byUrl, request, auth })).toEqual([[1], [2]]);
    expect(upstream.requests[0]?.headers).toMatchObject({ authorization: 'Bearer canary-t0ken', 'x-tenant': 's3cret' });
    expect(other.requests).toHaveLength(1);
    expect(JSON.stringify(other.requests)).not.toMatch(/canary|s3cret/);
  });

  test('do not follow a redirect to another origin, to which the request itself goes', async () => {
    upstream.fault = (_request, response) => {
      response.writeHead(302, { location: `${other.url}/moved` }).end();
      return true;
    };
    other.fault = always(answer(200, '{"data": [{"id": 2}]}'));
    const auth = { type: 'bearer', token: { secret: 'token' } } as const;
    const request = { url: `${upstream.url}/page`, headers: { 'X-Tenant': { secret: 'key' } } };
    expect(await read({ request, auth, pagination: { type: 'none' } })).toEqual([[2]]);
    expect(other.requests).toHaveLength(1);
    expect(JSON.stringify(other.requests)).not.toMatch(/canary|s3cret/);
  });

  test('a next page at a forbidden address is refused', async () => {
    const page = answer(200, '{"data": [{"id": 1}], "next": "http://169.254.169.254/latest"}');
    expect(kindOf(await failure(byUrl, always(page)))).toContain('Forbidden address');
  });
});

function always(respond: ReturnType<typeof answer>): Fault {
  return (request, response) => {
    respond(request, response);
    return true;
  };
}

function answered(status: number): Fault {
  return always(answer(status));
}
