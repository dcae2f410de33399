type Failure = { readonly name: string; readonly code: string; readonly status: number };
type Cause = readonly [cause: string, is: (failure: Failure) => boolean];

/** The first that fits counts. */
const causes: readonly Cause[] = [
  ['connection refused', ({ code }) => code === 'ECONNREFUSED'],
  ['connection lost', ({ code }) => ['ECONNRESET', 'ECONNABORTED', 'EPIPE'].includes(code)],
  // After those: the SDK calls a connection that was lost a time-out, too.
  ['timed out', ({ name, code }) => name === 'TimeoutError' || code === 'ETIMEDOUT'],
  ['name not found', ({ code }) => ['ENOTFOUND', 'EAI_AGAIN'].includes(code)],
  ['throttled', ({ name, status }) => status === 429 || /throttl|TooMany|ThroughputExceeded|SlowDown/i.test(name)],
  ['credentials refused', ({ name }) => /ExpiredToken|InvalidSignature|UnrecognizedClient|Credentials/.test(name)],
  ['access denied', ({ name, status }) => status === 403 || /AccessDenied/.test(name)],
  ['not found', ({ name, status }) => status === 404 || /NotFound|NoSuch|DoesNotExist|NonExistent/.test(name)],
  ['service failed', ({ status }) => status >= 500],
];

/** Why a call of an AWS service failed, in a word or two that give nothing away: no names, ARNs or addresses. */
export function causeOf(error: unknown): string {
  const failure = failureOf(error);
  return causes.find(([, is]) => is(failure))?.[0] ?? 'failed';
}

function failureOf(error: unknown): Failure {
  const { name, code, $metadata } = Object(error) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return { name: String(name), code: String(code), status: $metadata?.httpStatusCode ?? 0 };
}
