import type { EnvironmentOf } from '../contracts/environments.ts';
import type { SourcePorts } from '../sources/open-source.ts';
import { openFiles } from './files/open-files.ts';
import { addressPolicy } from './http/address-policy.ts';
import { guardedClient } from './http/guarded-client.ts';
import { httpExchange } from './http/http-exchange.ts';
import { secretReader } from './secrets.ts';
import { systemClock } from './system-clock.ts';

/** What sources are given in functions that read and don't send. */
export function readingPorts(env: EnvironmentOf<'previewDefinition'>): SourcePorts {
  const client = guardedClient(addressPolicy(env.ALLOWED_HOSTS, env.ALLOWED_PORTS));
  return {
    openFile: openFiles({ client, uploads: env.FILES_BUCKET, readBuckets: env.READ_BUCKETS }),
    exchange: httpExchange(client),
    secret: secretReader({ prefix: env.SECRETS_PREFIX, now: systemClock.now }),
    clock: systemClock,
  };
}
