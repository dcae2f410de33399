import type { Delivery, Destination, OutgoingBatch } from '../domain/destination.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { HttpDestinationConfig } from './http-config.ts';
import type { DestinationPorts, PostAnswer } from './ports.ts';
import { redactor } from './redactor.ts';

/** Besides 5xx: the answers that ask for another try. 409 is a batch that is still being worked on elsewhere. */
const RETRYABLE = [408, 409, 425, 429];
const QUOTED_CHARACTERS = 200;

/**
 * POSTs each batch as one JSON document, under `Idempotency-Key: <batch_id>`.
 *
 * Accepted: 2xx, unless the answer is a web page (a login or error page is no acknowledgement).
 * Partial: 207, or any 2xx with JSON `{"accepted": n}`, n below the number of points sent.
 * Retryable: 408, 409, 425, 429, 5xx, no answer. All else, redirects included, is refused.
 */
export function httpDestination(
  config: HttpDestinationConfig,
  ports: Pick<DestinationPorts, 'post' | 'now'>,
): Destination {
  const secrets = [...Object.values(config.headers ?? {}), ...new URL(config.url).searchParams.values()];
  const redact = redactor(secrets);
  return {
    async send(batch, signal) {
      const body = bodyOf(batch);
      const headers = {
        ...lowerCased(config.headers ?? {}),
        'content-type': 'application/json',
        'idempotency-key': batch.batchId,
      };
      const answer = await ports.post({ url: config.url, headers, body, signal });
      return verdict(answer, batch.points.length, Buffer.byteLength(body), { redact, now: ports.now });
    },
  };
}

/** Put together from the points' own text: what is sent again is the same byte for byte. */
function bodyOf({ wrapperId, executionId, batchId, phase, points }: OutgoingBatch): string {
  const head = JSON.stringify({ wrapper_id: wrapperId, execution_id: executionId, batch_id: batchId, phase });
  return `${head.slice(0, -1)},"data_points":[${points.map((point) => point.json).join(',')}]}`;
}

function verdict(
  answer: PostAnswer,
  points: number,
  bytes: number,
  { redact, now }: { redact: (text: string) => string; now: () => number },
): Delivery {
  if ('unanswered' in answer) {
    const reason = `destination did not answer: ${redact(answer.unanswered)}`;
    return answer.mendable ? { outcome: 'retryable', reason } : { outcome: 'refused', reason };
  }
  const { status, headers, text } = answer;
  const said = `HTTP ${status}${quoted(redact(text))}`;
  if (status >= 200 && status < 300) return acknowledgement(answer, points, bytes, said);
  if (status >= 500 || RETRYABLE.includes(status)) {
    const wait = retryAfterMs(headers['retry-after'], now());
    return {
      outcome: 'retryable',
      reason: `destination answered ${said}`,
      ...(wait !== undefined && { retryAfterMs: wait }),
    };
  }
  return { outcome: 'refused', reason: `destination refused: ${said}` };
}

function acknowledgement(
  { status, headers, text, complete }: Extract<PostAnswer, { status: number }>,
  points: number,
  bytes: number,
  said: string,
): Delivery {
  if (isWebPage(headers['content-type'], text)) {
    return { outcome: 'refused', reason: `destination refused: a web page is no acknowledgement: ${said}` };
  }
  // Cut short, it may say further on that it took only some of the points.
  if (!complete) return { outcome: 'refused', reason: 'destination refused: its answer is larger than 1 MiB' };
  const accepted = acceptedCount(text) ?? (status === 207 ? 0 : points);
  return accepted < points
    ? { outcome: 'partial', accepted, reason: `destination accepted ${accepted} of ${points} points: ${said}` }
    : { outcome: 'accepted', bytes };
}

function isWebPage(contentType: string | undefined, text: string): boolean {
  return (
    /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '') || /^\s*<(!doctype\s+html|html)\b/i.test(text)
  );
}

/** The number in `{"accepted": n}`: a count that makes no sense vouches for nothing. */
function acceptedCount(text: string): number | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const accepted = typeof answer === 'object' && answer !== null && 'accepted' in answer ? answer.accepted : undefined;
  if (typeof accepted !== 'number') return undefined;
  return Number.isInteger(accepted) && accepted >= 0 ? accepted : 0;
}

function quoted(text: string): string {
  const printable = text
    .replace(/[^\P{C}\t\n\r]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return printable === '' ? '' : `: ${[...printable].slice(0, QUOTED_CHARACTERS).join('')}`;
}

function lowerCased(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
