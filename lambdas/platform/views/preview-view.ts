import type { APIGatewayProxyResult } from 'aws-lambda';
import { RetryableError, RunFailure, ThrottledError } from '../../domain/errors.ts';
import { type Preview, previewPoints, type Reading } from '../../domain/run/preview.ts';
import { respond, respondText } from '../api/responses.ts';
import { unavailable } from './execute-view.ts';

/** Before the gateway gives up. */
const LONGEST_MS = 20_000;

/** Looks at the first points and answers with them, byte for byte as they would be sent. */
export async function answerPreview(reading: Reading, most: number): Promise<APIGatewayProxyResult> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    return previewView(await previewPoints(reading, most, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
    return unavailable(`the source was not read within ${LONGEST_MS / 1000} s`);
  }
}

function previewView({ points, quarantined, notes, error }: Preview): APIGatewayProxyResult {
  const rows = quarantined.map(({ row, rejected, raw }) => ({ row, reason: rejected, raw }));
  const rest = JSON.stringify({ quarantined: rows, notes, error });
  return respondText(200, `{"data_points":[${points.map(({ json }) => json).join(',')}],${rest.slice(1)}`);
}

/** As execute answers the same causes (contract W-11), where there is no run that could have failed. */
export function previewErrors(error: unknown): APIGatewayProxyResult | undefined {
  if (error instanceof ThrottledError) return unavailable(error.message);
  if (error instanceof RetryableError) return unavailable(error.message);
  if (!(error instanceof RunFailure)) return undefined;
  return error.kind === 'unavailable'
    ? unavailable(error.message)
    : respond(400, { detail: `Preview error: ${error.message}` });
}
