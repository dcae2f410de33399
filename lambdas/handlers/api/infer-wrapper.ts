import { InferRequest } from '../../contracts/requests.ts';
import { RetryableError, RunFailure } from '../../domain/errors.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { ok, respond } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { addressPolicy } from '../../platform/http/address-policy.ts';
import { guardedClient } from '../../platform/http/guarded-client.ts';
import { inferDefinition } from '../../platform/infer/infer-definition.ts';
import { unavailable } from '../../platform/views/execute-view.ts';

/** Before the gateway gives up. */
const LONGEST_MS = 20_000;

const env = readEnv('inferWrapper');
const ports = { client: guardedClient(addressPolicy(env.ALLOWED_HOSTS)), uploads: env.FILES_BUCKET };

/** Proposes a wrapper for a sample; creates nothing. */
export const handler = apiHandler(
  'inferWrapper',
  InferRequest,
  async ({ body: { destination, ...sample } }) => {
    const signal = AbortSignal.timeout(LONGEST_MS);
    try {
      return ok(await inferDefinition(sample, destination, ports, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
      return unavailable(`the sample was not read within ${LONGEST_MS / 1000} s`);
    }
  },
  { errors: inferErrors },
);

function inferErrors(error: unknown) {
  if (error instanceof RetryableError) return unavailable(error.message);
  if (!(error instanceof RunFailure)) return undefined;
  if (error.kind === 'unavailable') return unavailable(error.message);
  return respond(400, { detail: `Infer error: ${error.message}` });
}
