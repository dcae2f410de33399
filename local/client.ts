import { Readable } from 'node:stream';

/** A small client of the API, for the demo, benchmarks and checks; any other would do. */
export type Client = {
  /** Sends JSON, answers the status and the parsed body. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Uploads a file of any size; answers its id. @throws Error when it is refused */
  upload(file: Upload): Promise<string>;
};

export type Upload = { readonly filename: string; readonly size: number; readonly content: Readable };

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

export function apiClient(baseUrl: string, key: string): Client {
  const client: Client = {
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    },

    async upload({ filename, size, content }) {
      const asked = await client.call('POST', '/resources/wrappers/files', { filename, size });
      const { url, headers } = asked.body.upload as { url: string; headers: Record<string, string> };
      const body = Readable.toWeb(content) as ReadableStream;
      const put = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
      if (!put.ok) throw new Error(`the upload was answered ${put.status}: ${await put.text()}`);
      return String(asked.body.file_id);
    },
  };
  return client;
}
