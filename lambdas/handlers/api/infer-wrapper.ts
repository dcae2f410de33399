import { InferRequest } from '../../contracts/requests.ts';
import { RetryableError, RunFailure } from '../../domain/errors.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok, respond } from '../../platform/api/responses.ts';
import { withinLimit } from '../../platform/api/within-limit.ts';
import { readEnv } from '../../platform/env.ts';
import { addressPolicy } from '../../platform/http/address-policy.ts';
import { guardedClient } from '../../platform/http/guarded-client.ts';
import { inferDefinition } from '../../platform/infer/infer-definition.ts';
import { unavailable } from '../../platform/views/execute-view.ts';

const env = readEnv('inferWrapper');
const ports = { client: guardedClient(addressPolicy(env.ALLOWED_HOSTS, env.ALLOWED_PORTS)), uploads: env.FILES_BUCKET };

/** Proposes a wrapper for a sample; creates nothing. */
export const handler = apiHandler(
  'inferWrapper',
  InferRequest,
  ({ body: { destination, ...sample } }) =>
    withinLimit('the sample', async (signal) => ok(await inferDefinition(sample, destination, ports, signal))),
  { errors: inferErrors },
);

function inferErrors(error: unknown) {
  if (error instanceof RetryableError) return unavailable(error.message);
  if (!(error instanceof RunFailure)) return undefined;
  if (error.kind === 'unavailable') return unavailable(error.message);
  return respond(400, { detail: `Infer error: ${error.message}` });
}
