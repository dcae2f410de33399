import type { Answer } from './answer.ts';
import { eventually } from './eventually.ts';
import type { LocalStack } from './local-stack.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null when there is none. */
  readonly body: Answer;
};

type Headings = Readonly<Record<string, string>>;

/** A client of the API as any user's: fetch, a key, JSON. */
export type WrappersApi = {
  call(method: string, path: string, body?: unknown, headers?: Headings): Promise<Reply>;
  /** Uploads text or bytes as a file; answers its id. */
  upload(content: string | Uint8Array<ArrayBuffer>, filename?: string): Promise<string>;
  /** Creates a wrapper that sends to the sink; answers its id. `more` adds to it, or replaces parts. */
  createWrapper(more: Readonly<Record<string, unknown>>): Promise<string>;
  /** One that reads an uploaded CSV file. */
  createCsvWrapper(fileId: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Uploads, creates; answers the wrapper's id. */
  wrapperOf(content: string | Uint8Array<ArrayBuffer>, more?: Readonly<Record<string, unknown>>): Promise<string>;
  execute(wrapperId: string, query?: string, headers?: Headings): Promise<Reply>;
  /** Begins a run and does not wait for it; answers its execution's id. */
  begin(wrapperId: string, query?: string): Promise<string>;
  stop(wrapperId: string): Promise<Reply>;
  get(wrapperId: string, what?: string): Promise<Reply>;
  /** The wrapper, once its status is this one. */
  becomes(status: string, wrapperId: string, withinMs?: number): Promise<Reply['body']>;
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

type Place = Pick<LocalStack, 'apiUrl' | 'sinkUrl' | 'key'>;

export function wrappersApi({ apiUrl, sinkUrl, key }: Place): WrappersApi {
  const at = (wrapperId: string) => `/resources/wrappers/${wrapperId}`;

  const api: WrappersApi = {
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    },

    async upload(content, filename = 'file.csv') {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const asked = await api.call('POST', '/resources/wrappers/files', { filename, size: bytes.length });
      if (asked.status !== 201) throw new Error(`upload answered ${asked.status}: ${JSON.stringify(asked.body)}`);
      const put = await fetch(asked.body.upload.url, { method: 'PUT', body: bytes });
      if (put.status !== 200) throw new Error(`upload answered ${put.status}: ${await put.text()}`);
      return asked.body.file_id;
    },

    async createWrapper(more) {
      const created = await api.call('POST', '/resources/wrappers', {
        name: 'test',
        destination: { type: 'http', url: `${sinkUrl}/points` },
        ...more,
      });
      if (created.status !== 201) throw new Error(`create answered ${created.status}: ${JSON.stringify(created.body)}`);
      return created.body.wrapper_id;
    },

    createCsvWrapper: (fileId, more) =>
      api.createWrapper({ source: { type: 'CSV', location: { file_id: fileId } }, ...more }),

    wrapperOf: async (content, more) => api.createCsvWrapper(await api.upload(content), more),
    execute: (wrapperId, query = '', headers = {}) =>
      api.call('POST', `${at(wrapperId)}/execute${query}`, undefined, headers),
    async begin(wrapperId, query = '') {
      const begun = await api.execute(wrapperId, query, { Prefer: 'respond-async' });
      if (begun.status !== 202) throw new Error(`execute answered ${begun.status}: ${JSON.stringify(begun.body)}`);
      return begun.body.execution_id;
    },
    stop: (wrapperId) => api.call('POST', `${at(wrapperId)}/stop`),
    get: (wrapperId, what = '') => api.call('GET', `${at(wrapperId)}${what}`),
    becomes: async (status, wrapperId, withinMs) =>
      (
        await eventually(
          () => api.get(wrapperId),
          ({ body }) => body.status === status,
          withinMs,
        )
      ).body,

    async received(wrapperId) {
      const response = await fetch(`${sinkUrl}/received?wrapper_id=${wrapperId}`);
      return (await response.json()) as SinkCounts;
    },

    async behave(behaviour) {
      const response = await fetch(`${sinkUrl}/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });
      if (!response.ok) throw new Error(`behaviour answered ${response.status}: ${await response.text()}`);
    },
  };
  return api;
}
