/** What was found out about a file: what speaks for it, and how sure it is, from 0 to 1. */
export type Finding<T> = { readonly value: T; readonly evidence: string; readonly confidence: number };
