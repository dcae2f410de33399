import { RunFailure } from '../../domain/errors.ts';
import type { AuthConfig, RequestConfig } from './config.ts';
import { tokenClient } from './oauth-token.ts';
import type { ApiPorts } from './ports.ts';
import { type ReadValue, valueReader } from './value-reader.ts';

/** What a request carries so that the upstream lets it in. Sent to the configured origin only. */
export type Credentials = {
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
};

export type Authorizer = {
  /** `fresh`: the ones given before were refused. */
  credentials(signal: AbortSignal, options: { readonly fresh: boolean }): Promise<Credentials>;
  /** Whether fresh credentials can differ at all. */
  readonly canRefresh: boolean;
};

export function authorizer(auth: AuthConfig, headers: RequestConfig['headers'], ports: ApiPorts): Authorizer {
  const token = auth.type === 'oauth2' ? tokenClient(auth, ports) : undefined;
  const isSecret = Object.values(headers ?? {}).some((value) => typeof value !== 'string');

  async function ofAuth(read: ReadValue, fresh: boolean, signal: AbortSignal): Promise<Credentials> {
    switch (auth.type) {
      case 'none':
        return { headers: {}, query: {} };
      case 'bearer':
        return inHeader('authorization', `Bearer ${await read(auth.token)}`);
      case 'api_key': {
        const value = await read(auth.value);
        return auth.in === 'query'
          ? { headers: {}, query: { [auth.name]: value } }
          : inHeader(auth.name.toLowerCase(), value);
      }
      case 'basic': {
        const pair = `${await read(auth.username)}:${await read(auth.password)}`;
        return inHeader('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
      }
      case 'oauth2':
        return inHeader('authorization', `Bearer ${await token?.(fresh, signal)}`);
    }
  }

  return {
    canRefresh: auth.type !== 'none' || isSecret,
    async credentials(signal, { fresh }) {
      const read = valueReader(ports, fresh);
      const given = await ofAuth(read, fresh, signal);
      const own: { [name: string]: string } = {};
      for (const [name, value] of Object.entries(headers ?? {})) {
        own[name.toLowerCase()] = headerText(await read(value), `source.request.headers: the ${name}`);
      }
      return { headers: { ...own, ...given.headers }, query: given.query };
    },
  };
}

function inHeader(name: string, value: string): Credentials {
  return { headers: { [name]: headerText(value, `source.auth: the ${name}`) }, query: {} };
}

function headerText(value: string, place: string): string {
  // A secret that was stored with a line end would split the header in two.
  const text = value.trim();
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  throw new RunFailure('refused', `Invalid wrapper configuration: ${place} header can't hold this secret`);
}
