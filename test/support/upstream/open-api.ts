import type * as z from 'zod';
import type { Clock } from '../../../lambdas/domain/clock.ts';
import type { ReadSecret } from '../../../lambdas/domain/secrets.ts';
import type { Source } from '../../../lambdas/domain/source.ts';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { httpExchange } from '../../../lambdas/platform/http/http-exchange.ts';
import { systemClock } from '../../../lambdas/platform/system-clock.ts';
import { apiSource } from '../../../lambdas/sources/api/api-source.ts';
import { ApiSourceConfig } from '../../../lambdas/sources/api/config.ts';

export type ApiDefinition = Omit<z.input<typeof ApiSourceConfig>, 'type'>;

/** Pools connections, as a slice does. Idle ones keep no process alive. */
const client = guardedClient(addressPolicy(['127.0.0.1', 'localhost']));

const noSecrets: ReadSecret = async (name) => {
  throw new Error(`no secret ${name}`);
};

/** A source as a slice opens it, over real HTTP to loopback. */
export function openApi(
  definition: ApiDefinition,
  { clock = systemClock, readSecret = noSecrets }: { clock?: Clock; readSecret?: ReadSecret } = {},
): Source {
  const config = ApiSourceConfig.parse({ type: 'API', ...definition });
  return apiSource(config, { exchange: httpExchange(client), secret: readSecret, clock });
}
