import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  /** One with several values is sent as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
};

export type RawAnswer = { readonly status: number; readonly body: string };

/** As it is written: fetch would tidy paths up, and join headers. */
export function sendRaw(
  { apiUrl, key }: { readonly apiUrl: string; readonly key: string },
  { method = 'GET', path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(apiUrl);
  const all = { authorization: `Bearer ${key}`, ...headers } as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: all }, async (answer) => {
      resolve({ status: Number(answer.statusCode), body: await text(answer) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
