/** Why a call of an AWS service failed, in a word, and whether trying again may help. */
export type CallFailure = { readonly reason: string; readonly mendable: boolean };

/** 409 is a conflicting write, 408 a body that came too slowly; throttling is a 400 of many names. */
const MENDABLE_STATUS = [408, 409, 429];
const MENDABLE_NAME = /throttl|TooManyRequests|ExpiredToken|RequestExpired/i;

/** The error's name alone: its message may quote what was sent. */
export function callFailure(error: unknown): CallFailure {
  if (!(error instanceof Error)) return { reason: 'unknown error', mendable: true };
  const status = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  const isRefusal = status !== undefined && status >= 300 && status < 500 && !MENDABLE_STATUS.includes(status);
  return { reason: error.name, mendable: !isRefusal || MENDABLE_NAME.test(error.name) };
}
