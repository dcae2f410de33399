import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { RetryableError, RunFailure } from '../domain/errors.ts';
import type { ReadSecret } from '../domain/secrets.ts';

/** How long a rotated secret may still be used; whoever is refused with it asks for a fresh one. */
const KEPT_MS = 5 * 60_000;

type Options = {
  /** Secrets of this deployment are named `<prefix><name>`. */
  readonly prefix: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly client?: SecretsManagerClient;
};

/** Secrets of the deployment, from Secrets Manager, kept in this sandbox's memory and nowhere else. */
export function secretReader({ prefix, now, client = secretsManager() }: Options): ReadSecret {
  const kept = new Map<string, { readonly value: Promise<string>; readonly until: number }>();
  return async (name, { fresh = false } = {}) => {
    const known = kept.get(name);
    if (known && !fresh && now() < known.until) return known.value;
    const value = secretValue(client, prefix, name);
    const entry = { value, until: now() + KEPT_MS };
    kept.set(name, entry);
    // A failure is not kept: the secret may be created the next minute.
    value.catch(() => kept.get(name) === entry && kept.delete(name));
    return value;
  };
}

async function secretValue(client: SecretsManagerClient, prefix: string, name: string): Promise<string> {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId: `${prefix}${name}` }))
    .catch((error) => {
      throw failureOf(error, name);
    });
  if (SecretString === undefined) throw unusable(name, 'is not text');
  if (SecretString === '') throw unusable(name, 'is empty');
  return SecretString;
}

/** Without the answer as its cause: what a secrets store says of a secret is not for logs. */
function failureOf(error: unknown, name: string): Error {
  if (error instanceof ResourceNotFoundException) return unusable(name, 'does not exist');
  if (error instanceof InvalidRequestException) return unusable(name, 'is being deleted');
  const reason = error instanceof Error ? error.name : 'unknown error';
  return new RetryableError(`secret "${name}" can not be read: ${reason}`);
}

function unusable(name: string, why: string): RunFailure {
  return new RunFailure('refused', `Invalid wrapper configuration: secret "${name}" ${why}`);
}

/** A secret is read while a batch waits to be sent: a few seconds are all that it may take. */
function secretsManager(): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  });
}
