import type { LocalStack } from './local-stack.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; tests state what they expect of it. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer under test has whatever shape it has
  readonly body: any;
};

/** A client of the API as any user's: fetch, a key, JSON. */
export type WrappersApi = {
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Uploads text or bytes as a file; answers its id. */
  upload(content: string | Uint8Array<ArrayBuffer>, filename?: string): Promise<string>;
  /** Creates a wrapper that takes a CSV file to the sink; answers its id. `more` replaces parts of its definition. */
  createCsvWrapper(fileId: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
  execute(wrapperId: string, query?: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  stop(wrapperId: string): Promise<Reply>;
  get(wrapperId: string, what?: string): Promise<Reply>;
  /** What the sink has of a wrapper. */
  received(wrapperId: string): Promise<SinkCounts>;
  behave(behaviour: Readonly<Record<string, unknown>>): Promise<void>;
};

export type SinkCounts = {
  readonly batches: number;
  readonly points: number;
  readonly unique_points: number;
  readonly duplicate_points: number;
  readonly bad_duplicates: number;
};

export function wrappersApi(stack: LocalStack): WrappersApi {
  const api: WrappersApi = {
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${stack.apiUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${stack.key}`, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    },

    async upload(content, filename = 'file.csv') {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const asked = await api.call('POST', '/resources/wrappers/files', { filename, size: bytes.length });
      const put = await fetch(asked.body.upload.url, { method: 'PUT', body: bytes });
      if (put.status !== 200) throw new Error(`upload answered ${put.status}: ${await put.text()}`);
      return asked.body.file_id;
    },

    async createCsvWrapper(fileId, more = {}) {
      const created = await api.call('POST', '/resources/wrappers', {
        name: 'test',
        source: { type: 'CSV', location: { file_id: fileId } },
        destination: { type: 'http', url: `${stack.sinkUrl}/points` },
        ...more,
      });
      if (created.status !== 201) throw new Error(`create answered ${created.status}: ${JSON.stringify(created.body)}`);
      return created.body.wrapper_id;
    },

    execute: (wrapperId, query = '', headers = {}) =>
      api.call('POST', `/resources/wrappers/${wrapperId}/execute${query}`, undefined, headers),
    stop: (wrapperId) => api.call('POST', `/resources/wrappers/${wrapperId}/stop`),
    get: (wrapperId, what = '') => api.call('GET', `/resources/wrappers/${wrapperId}${what}`),

    async received(wrapperId) {
      const response = await fetch(`${stack.sinkUrl}/received?wrapper_id=${wrapperId}`);
      return (await response.json()) as SinkCounts;
    },

    async behave(behaviour) {
      const response = await fetch(`${stack.sinkUrl}/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });
      if (!response.ok) throw new Error(`behaviour answered ${response.status}: ${await response.text()}`);
    },
  };
  return api;
}

/** Looks again and again until it holds; fails with the last thing seen. */
export async function eventually<Value>(
  look: () => Promise<Value>,
  holds: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> {
  const until = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > until) throw new Error(`did not come true within ${withinMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
