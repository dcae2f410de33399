import { RetryableError, RunFailure, ThrottledError } from '../../domain/errors.ts';
import { quotedAnswer } from '../../domain/quoted-answer.ts';
import { redactor } from '../../domain/redactor.ts';
import { authorizer, type Credentials } from './authorizer.ts';
import type { ApiSourceConfig } from './config.ts';
import { MOST_BYTES, placeOf } from './parse-body.ts';
import type { ApiPorts, HttpAnswer, HttpReply } from './ports.ts';
import { restMs, untilReset } from './rate-limit.ts';
import { type PageRequest, requestFor } from './request.ts';

/** The way to one API: with its credentials, within its limits, and with patience. */
export type Upstream = {
  /**
   * An answer of status 2xx; 404 and 304 too where the request allows them.
   *
   * Throws `RunFailure` for what won't mend itself, `RetryableError` when contact was lost, `ThrottledError` when the
   * upstream asks for a longer rest.
   */
  get(request: PageRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** What it answered, for the end of a message, without the credentials that it may echo. */
  quote(text: string): string;
  /** Whether this is a key that its requests carry in their query. */
  isKey(value: string): boolean;
};

/** How long trouble is borne: before the first answer, execute's caller is waiting. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 500;
/** Longer rests are spent outside the slice, where they cost nothing. */
const LONGEST_REST_MS = 5_000;

export function upstream(config: ApiSourceConfig, ports: ApiPorts): Upstream {
  const { clock } = ports;
  const auth = authorizer(config.auth, config.request.headers, ports);
  let isKnown = false;
  /** The upstream has said that it will not answer before. */
  let restUntil = Number.NEGATIVE_INFINITY;
  let fresh = false;
  let redact = redactor([]);
  let keys: readonly string[] = [];

  async function send(page: PageRequest, signal: AbortSignal): Promise<HttpReply | ThrottledError> {
    let credentials: Credentials;
    try {
      credentials = await auth.credentials(signal, { fresh });
    } catch (error) {
      if (error instanceof ThrottledError) return error;
      if (error instanceof RetryableError) return { unanswered: error.message, mendable: true };
      throw error;
    }
    fresh = false;
    redact = redactor(confidential(credentials));
    keys = Object.values(credentials.query);
    return ports.exchange({ ...requestFor(config, page, credentials), maxBytes: MOST_BYTES, signal });
  }

  async function rest(ms: number, signal: AbortSignal): Promise<void> {
    await clock.sleep(ms, signal);
    signal.throwIfAborted();
  }

  /** Waits as long as the upstream asks, or leaves. */
  async function respectLimit(place: string, spent: number, signal: AbortSignal): Promise<void> {
    const ms = restUntil - clock.now();
    if (ms <= 0) return;
    if (ms > LONGEST_REST_MS || spent > PATIENCE_MS) {
      throw new ThrottledError(`rate limit of ${place}`, restUntil);
    }
    await rest(ms, signal);
  }

  const quote = (text: string) => quotedAnswer(redact(text));

  return {
    quote,
    isKey: (value) => keys.includes(value),
    async get(page, signal) {
      const began = clock.now();
      const place = placeOf(page.url);
      let pause = FIRST_PAUSE_MS;
      let isRefreshed = false;
      for (;;) {
        await respectLimit(place, clock.now() - began, signal);
        const reply = await send(page, signal);
        const now = clock.now();
        const verdict: Verdict =
          reply instanceof ThrottledError
            ? { is: 'throttled', restMs: reply.retryAt - now }
            : judge(reply, page, { place, quote, now });
        if (verdict.is === 'answer') {
          isKnown = true;
          restUntil = clock.now() + verdict.restMs;
          return verdict.answer;
        }
        if (verdict.is === 'throttled') {
          restUntil = clock.now() + Math.max(verdict.restMs ?? 0, pause);
          pause *= 2;
        } else if (verdict.is === 'unauthorized' && auth.canRefresh && !isRefreshed) {
          isRefreshed = true;
          fresh = true;
        } else if (verdict.is === 'trouble' && clock.now() - began + pause <= PATIENCE_MS) {
          await rest(pause, signal);
          pause *= 2;
        } else {
          throw failureOf(verdict, page, isKnown);
        }
      }
    },
  };
}

/** Cursors that upstreams give out are often good for some hours only. */
const EXPIRED = '; it may no longer have the page that the checkpoint names: execute with ?from=start to begin again';

type Verdict =
  /** `restMs`: how long to leave the upstream alone before the next request. */
  | { readonly is: 'answer'; readonly answer: HttpAnswer; readonly restMs: number }
  | { readonly is: 'throttled'; readonly restMs: number | undefined }
  /** `trouble` may mend itself. `contact`: there was no answer at all. */
  | { readonly is: 'trouble' | 'unauthorized' | 'final'; readonly why: string; readonly contact: boolean };

type Asked = { readonly place: string; readonly quote: Upstream['quote']; readonly now: number };

function judge(reply: HttpReply, page: PageRequest, { place, quote, now }: Asked): Verdict {
  if ('unanswered' in reply) {
    return { is: reply.mendable ? 'trouble' : 'final', why: reply.unanswered, contact: false };
  }
  const { status, headers } = reply;
  const isAllowed = (status === 404 && page.mayBeMissing) || (status === 304 && page.known !== undefined);
  if ((status >= 200 && status < 300) || isAllowed) {
    return { is: 'answer', answer: reply, restMs: untilReset(headers, now) ?? 0 };
  }
  const restAsked = restMs(headers, now);
  const isLimit = status === 429 || (restAsked !== undefined && (status === 403 || status === 503));
  if (isLimit) return { is: 'throttled', restMs: restAsked };
  const why = `HTTP ${status} from source (${place})${quote(reply.text)}`;
  if (status === 401) return { is: 'unauthorized', why, contact: true };
  const mayMend = status >= 500 || status === 408 || status === 425;
  return { is: mayMend ? 'trouble' : 'final', why, contact: true };
}

function confidential({ headers, query }: Credentials): string[] {
  const given = Object.values(headers);
  const basic = given.flatMap((value) => /^Basic (.+)$/.exec(value)?.[1] ?? []);
  const pairs = basic.flatMap((pair) => Buffer.from(pair, 'base64').toString('utf8').split(':'));
  return [...given, ...pairs, ...Object.values(query)];
}

/** What trouble means once patience is at its end: at first contact otherwise than half-way (contract W-11). */
function failureOf(
  { is, why, contact }: Exclude<Verdict, { is: 'answer' | 'throttled' }>,
  page: PageRequest,
  isKnown: boolean,
): Error {
  const mayMend = is === 'trouble';
  if (mayMend && !contact) return isKnown ? new RetryableError(why) : new RunFailure('unavailable', why, { mayMend });
  const isRefused = !contact || /^HTTP 40[13] /.test(why);
  if (isRefused && !isKnown) return new RunFailure('refused', `Data source connection failed: ${why}`);
  const mayHaveExpired = is === 'final' && page.isResumed;
  return new RunFailure('failed', mayHaveExpired ? `${why}${EXPIRED}` : why, { mayMend });
}
