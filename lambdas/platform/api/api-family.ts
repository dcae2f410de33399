import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../domain/access/caller.ts';
import type { FieldIssue } from '../../domain/errors.ts';

/** What the routes of one family of the API have in common: the shape of their errors. */
export type ApiFamily = {
  /** What a bad request's message begins with, where a route has no words of its own. */
  readonly invalid: string;
  refuse(refusal: Refusal, call: ApiCall): APIGatewayProxyResult;
};

export type Refusal = {
  readonly status: 400 | 403 | 404 | 409 | 500 | 503;
  /** For users: it gives nothing away. */
  readonly message: string;
  /** Of a bad request: every problem found. */
  readonly issues?: readonly FieldIssue[];
};

export type ApiCall = {
  /** The gateway's own id of the request. */
  readonly requestId: string;
  /** When it was taken up, milliseconds since the epoch. */
  readonly now: number;
  readonly caller: Caller;
};
