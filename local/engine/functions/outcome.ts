/** An error as Lambda reports it to whoever invoked the function. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** How an invocation ended: with an answer, an error of the function's own, killed for time, or with its process. */
export type Outcome =
  | { readonly kind: 'returned'; readonly payload: unknown }
  | { readonly kind: 'threw' | 'timeout' | 'crashed'; readonly error: FunctionError };

export function failure(kind: 'threw' | 'timeout' | 'crashed', errorType: string, errorMessage: string): Outcome {
  return { kind, error: { errorType, errorMessage, trace: [] } };
}
