import { RunFailure } from '../domain/errors.ts';
import type { ReadSecret } from '../domain/secrets.ts';
import type { HttpDestinationConfig } from './http-config.ts';
import { signingKey } from './webhook-signature.ts';

/** What a request is sent with that its definition does not hold. */
export type HttpCredentials = {
  /** The user's own, by name in lower case, secrets in their places. */
  readonly headers: { readonly [name: string]: string };
  readonly signingKey?: Buffer;
  /** Whatever may not show up in a message. */
  readonly confidential: readonly string[];
};

/** Reads the secrets that a destination refers to. Throws what `ReadSecret` throws, and `RunFailure` for unfit ones. */
export async function readCredentials(
  config: HttpDestinationConfig,
  readSecret: ReadSecret,
  fresh: boolean,
): Promise<HttpCredentials> {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    headers[name.toLowerCase()] =
      typeof value === 'string' ? value : headerValue(await readSecret(value.secret, { fresh }), value.secret);
  }
  const confidential = [...Object.values(headers), ...new URL(config.url).searchParams.values()];
  if (!config.signing_secret) return { headers, confidential };
  const name = config.signing_secret.secret;
  const secret = await readSecret(name, { fresh });
  const key = signingKey(secret);
  if (key === undefined) throw unfit(name, 'is no signing key: whsec_ must be followed by base64');
  return { headers, confidential: [...confidential, secret, secret.replace(/^whsec_/, '')], signingKey: key };
}

export function refersToSecrets(config: HttpDestinationConfig): boolean {
  return (
    Boolean(config.signing_secret) || Object.values(config.headers ?? {}).some((value) => typeof value !== 'string')
  );
}

function headerValue(value: string, name: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  throw unfit(name, 'can not be sent as a header: it holds a line break or characters beyond ASCII');
}

function unfit(name: string, why: string): RunFailure {
  return new RunFailure('refused', `Invalid wrapper configuration: secret "${name}" ${why}`);
}
