/**
 * Errors named by what follows from them. `name` is written out in each class:
 * Step Functions matches on it, and minifiers rename classes.
 */
abstract class ServiceError extends Error {
  abstract override readonly name: string;
}

/** Try again later: throttled, timed out, upstream 5xx. */
export class RetryableError extends ServiceError {
  override readonly name = 'RetryableError';
}

/** The upstream asks to come back later: at `retryAt`, milliseconds since the epoch. */
export class ThrottledError extends ServiceError {
  override readonly name = 'ThrottledError';
  readonly retryAt: number;

  constructor(message: string, retryAt: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAt = retryAt;
  }
}

/** The request itself is wrong; `issues` lists every problem found, one per field. */
export class InvalidRequestError extends ServiceError {
  override readonly name = 'InvalidRequestError';
  readonly issues: readonly FieldIssue[];

  constructor(message: string, issues: readonly FieldIssue[] = [], options?: ErrorOptions) {
    super(message, options);
    this.issues = issues;
  }
}

export type FieldIssue = { readonly path: string; readonly message: string };

/** What was asked for is not there. */
export class NotFoundError extends ServiceError {
  override readonly name = 'NotFoundError';
}

/** The one who asks may not do this. */
export class ForbiddenError extends ServiceError {
  override readonly name = 'ForbiddenError';
}

/** The request contradicts the present state, for instance changing a wrapper that is executing. */
export class ConflictError extends ServiceError {
  override readonly name = 'ConflictError';
}

/**
 * How a run that could not do its work is answered (contract W-11):
 * `refused` 400 `Execution error: …`, `unavailable` 503 `Service unavailable: …`,
 * `failed` 200 with `success: false`.
 */
export type FailureKind = 'refused' | 'unavailable' | 'failed';

/** Ends a run for good. The message is shown to users: it names the field or row, and never holds a secret. */
export class RunFailure extends ServiceError {
  override readonly name = 'RunFailure';
  readonly kind: FailureKind;
  /** Whether it may mend itself: a continuous run that has got somewhere then rests, and tries again. */
  readonly mayMend: boolean;

  constructor(kind: FailureKind, message: string, options: ErrorOptions & { readonly mayMend?: boolean } = {}) {
    super(message, options);
    this.kind = kind;
    this.mayMend = options.mayMend ?? false;
  }
}
