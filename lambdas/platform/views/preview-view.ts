import type { APIGatewayProxyResult } from 'aws-lambda';
import { RetryableError, RunFailure, ThrottledError } from '../../domain/errors.ts';
import { type Preview, previewPoints, type Reading } from '../../domain/run/preview.ts';
import { respond, respondText } from '../api/responses.ts';
import { withinLimit } from '../api/within-limit.ts';
import { unavailable } from './execute-view.ts';

/** Looks at the first points and answers with them, byte for byte as they would be sent. */
export function answerPreview(reading: Reading, most: number, longestMs?: number): Promise<APIGatewayProxyResult> {
  const answer = async (signal: AbortSignal) => previewView(await previewPoints(reading, most, signal));
  return withinLimit('the source', answer, longestMs);
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
