import { createHash, randomUUID } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { ExecuteRequest } from '../../contracts/requests.ts';
import { InvalidRequestError, NotFoundError, RetryableError } from '../../domain/errors.ts';
import type { StartFrom } from '../../domain/run/control-steps.ts';
import { executeRun } from '../../domain/run/execute-run.ts';
import type { RunState } from '../../domain/run/run-state.ts';
import { answerForRun, type BegunRun, begunRun } from '../../platform/answer-for-run.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { preferenceOf, withPreference } from '../../platform/api/prefer.ts';
import { respond } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { logger } from '../../platform/logger.ts';
import { runControl } from '../../platform/run-control.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { executionError, overView, unavailable } from '../../platform/views/execute-view.ts';
import { findCheckpoint } from '../../platform/wrappers/place-checkpoint.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('executeWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);
const control = runControl(env, store);

type Request = z.output<typeof ExecuteRequest>;

export const handler = apiHandler('executeWrapper', ExecuteRequest, execute, { errors: executeErrors });

async function execute(request: Request): Promise<APIGatewayProxyResult> {
  const wrapperId = request.path.wrapper_id;
  const preference = preferenceOf(request.headers.prefer, env.EXECUTE_WAIT_SECONDS);
  const until = systemClock.now() + preference.waitSeconds * 1000;
  const state = await loadState(store, wrapperId);
  const begun = await beginOnce(state, request);
  if ('statusCode' in begun) return begun;
  return withPreference(await answerForRun(begun, until, overView, { store, control }), preference);
}

/** Begins or joins a run; with an `Idempotency-Key` seen before, it is the run that the key stands for. */
async function beginOnce(state: RunState, request: Request): Promise<BegunRun | APIGatewayProxyResult> {
  const { wrapperId } = state;
  const key = request.headers['idempotency-key'];
  if (key === undefined) return begin(wrapperId, randomUUID(), request);
  const keyHash = hashOf(key);
  const requestHash = hashOf(JSON.stringify([request.query, request.body ?? null]));
  const reserved = await store.idempotency.reserve(wrapperId, keyHash, requestHash, systemClock.now());
  if (reserved.requestHash !== requestHash) {
    return respond(422, { detail: 'Idempotency-Key was used for another request' });
  }
  if (reserved.epoch !== null) return { state, epoch: reserved.epoch };
  // The key names the request, so a retry after a lost answer finds the run it began.
  const begun = await begin(wrapperId, `${keyHash}-${reserved.expiresAt}`, request);
  await store.idempotency.bind(wrapperId, keyHash, begun.epoch);
  return begun;
}

async function begin(wrapperId: string, requestId: string, request: Request): Promise<BegunRun> {
  const from = await startOf(wrapperId, request.query.from);
  return begunRun(await executeRun(wrapperId, { requestId, from }, control));
}

async function startOf(wrapperId: string, from: string | undefined): Promise<StartFrom> {
  if (from === undefined) return 'checkpoint';
  return from === 'start' ? 'start' : findCheckpoint(store, wrapperId, from);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function executeErrors(error: unknown): APIGatewayProxyResult | undefined {
  if (error instanceof NotFoundError || error instanceof InvalidRequestError) return executionError(error.message);
  if (!(error instanceof RetryableError)) return undefined;
  logger.error('execute failed', { error });
  return unavailable(error.message);
}
