import { RunFailure } from '../../domain/errors.ts';
import { PassingTrouble, statusTrouble } from '../files/range-source.ts';
import { ConnectionFailure } from '../http/connection-failure.ts';
import type { GuardedClient, HttpAnswer } from '../http/guarded-client.ts';

/** The beginning of what an address answers. */
export type Probe = Pick<HttpAnswer, 'status' | 'url' | 'headers'> & {
  readonly bytes: Buffer;
  readonly complete: boolean;
};

/** Enough to tell what it is; JSON only tells when it is whole. */
const START = 64 * 1024;
const LARGEST_JSON = 4 * 1024 * 1024;
const ANSWER_WITHIN_MS = 8_000;

/** Asks an address once. Throws `RunFailure` for anything but a success: `unavailable` when it may mend itself. */
export async function probeAddress(client: GuardedClient, url: string, signal: AbortSignal): Promise<Probe> {
  try {
    const headers = { accept: 'application/json, text/csv, */*;q=0.5' };
    const answer = await client.request({ method: 'GET', url, headers, answerWithinMs: ANSWER_WITHIN_MS, signal });
    if (answer.status !== 200) {
      await answer.discard();
      throw failureOf(answer.status);
    }
    const { status, url: from, headers: told } = answer;
    return { status, url: from, headers: told, ...(await startOf(answer)) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ConnectionFailure)) throw error;
    const message = error.mendable ? error.message : `Data source connection failed: ${error.message}`;
    throw new RunFailure(error.mendable ? 'unavailable' : 'refused', message, { cause: error });
  }
}

function failureOf(status: number): Error {
  const trouble = statusTrouble(status);
  if (!(trouble instanceof PassingTrouble)) return trouble;
  return new RunFailure('unavailable', `HTTP ${status} from source`);
}

async function startOf(answer: HttpAnswer): Promise<Pick<Probe, 'bytes' | 'complete'>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > START && !isJson(chunks[0])) return { bytes: Buffer.concat(chunks), complete: false };
    if (size > LARGEST_JSON) return { bytes: Buffer.concat(chunks), complete: false };
  }
  return { bytes: Buffer.concat(chunks), complete: true };
}

/** Whether it begins as lists and objects do. */
export function isJson(bytes: Uint8Array | undefined): boolean {
  return /^(\xef\xbb\xbf)?\s*[[{]/.test(
    Buffer.from(bytes ?? [])
      .subarray(0, 64)
      .toString('latin1'),
  );
}
