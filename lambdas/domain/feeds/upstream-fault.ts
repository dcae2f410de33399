/** How a poll ended; each but the first is explained in `last_error` and named to machines in `last_job_error`. */
export type PollOutcome =
  | 'success'
  | 'partial_success'
  | 'upstream_http_failure'
  | 'upstream_timeout'
  | 'upstream_network_failure'
  | 'upstream_parse_failure'
  | 'upstream_empty'
  | 'upstream_stale'
  | 'upstream_too_large'
  | 'internal_failure';

export type FaultOutcome = Exclude<PollOutcome, 'success' | 'partial_success'>;

/** The upstream did not give what it should have. The message is for people: `HTTP 503 from upstream`. */
export class UpstreamFault extends Error {
  override readonly name = 'UpstreamFault';
  readonly outcome: FaultOutcome;
  /** For machines: `UPSTREAM_HTTP_503`. */
  readonly code: string;
  /** When upstream asks to be left alone until then, milliseconds since the epoch. */
  readonly retryAt: number | null;

  constructor(outcome: FaultOutcome, code: string, message: string, options?: ErrorOptions & { retryAt?: number }) {
    super(message, options);
    this.outcome = outcome;
    this.code = code;
    this.retryAt = options?.retryAt ?? null;
  }
}

/** What an adapter throws: the bytes are not what they should be. */
export function unreadable(message: string, options?: ErrorOptions): UpstreamFault {
  return new UpstreamFault('upstream_parse_failure', 'UPSTREAM_PARSE', message, options);
}

/** The bytes may well be what they should be: what was made of them is not. */
export function defective(message: string, options?: ErrorOptions): UpstreamFault {
  return new UpstreamFault('internal_failure', 'INTERNAL_ERROR', message, options);
}

export function tooLarge(message: string): UpstreamFault {
  return new UpstreamFault('upstream_too_large', 'UPSTREAM_TOO_LARGE', message);
}
