import type { Delivery } from '../domain/destination.ts';
import { quotedAnswer } from '../domain/quoted-answer.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { PostAnswer } from './ports.ts';

/** Besides 5xx: the answers that ask for another try. 409 is a batch that is still being worked on elsewhere. */
const RETRYABLE = [408, 409, 425, 429];

type Sent = {
  readonly points: number;
  readonly bytes: number;
  /** Takes credentials out of what the destination says. */
  readonly redact: (text: string) => string;
  readonly now: () => number;
};

/**
 * What an answer says of the points it was sent.
 *
 * Accepted: 2xx, unless the answer is a web page (a login or error page is no acknowledgement).
 * Partial: 207, or any 2xx with JSON `{"accepted": n}`, n below the number of points sent.
 * Retryable: 408, 409, 425, 429, 5xx, no answer. All else, redirects included, is refused.
 */
export function httpVerdict(answer: PostAnswer, sent: Sent): Delivery {
  if ('unanswered' in answer) {
    const reason = `destination did not answer: ${sent.redact(answer.unanswered)}`;
    return answer.mendable ? { outcome: 'retryable', reason } : { outcome: 'refused', reason };
  }
  const { status, headers, text } = answer;
  const said = `HTTP ${status}${quotedAnswer(sent.redact(text))}`;
  if (status >= 200 && status < 300) return acknowledgement(answer, sent, said);
  if (status >= 500 || RETRYABLE.includes(status)) {
    const wait = retryAfterMs(headers['retry-after'], sent.now());
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
  { points, bytes }: Sent,
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

/** The number in `{"accepted": n}`: what else is given in its place vouches for nothing, but for a plain yes. */
function acceptedCount(text: string): number | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const accepted = typeof answer === 'object' && answer !== null && 'accepted' in answer ? answer.accepted : undefined;
  if (accepted === undefined || accepted === true) return undefined;
  return typeof accepted === 'number' && Number.isInteger(accepted) && accepted >= 0 ? accepted : 0;
}
