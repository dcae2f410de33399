import type { APIGatewayProxyResult } from 'aws-lambda';
import { unavailable } from '../views/execute-view.ts';

/** Before the gateway gives up, after 29 s. */
const LONGEST_MS = 20_000;

/** Cuts off what takes longer than 20 s, and answers 503 that `what` was not read within them. */
export async function withinLimit(
  what: string,
  work: (signal: AbortSignal) => Promise<APIGatewayProxyResult>,
  longestMs: number = LONGEST_MS,
): Promise<APIGatewayProxyResult> {
  const signal = AbortSignal.timeout(longestMs);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return unavailable(`${what} was not read within ${longestMs / 1000} s`);
  }
}
