import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { type FieldIssue, InvalidRequestError } from '../../domain/errors.ts';
import { parseDefinition } from '../parse-definition.ts';
import { type Headers, requestHeaders } from '../request-headers.ts';
import { issueMessage } from './issue-message.ts';

/** No definition needs more, and validation follows the nesting on the stack. */
const DEEPEST = 64;

/** A request as handlers see it; each part is parsed by the handler's own schema. */
type RawRequest = {
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Headers;
  /** Undefined when there is none. */
  readonly body: unknown;
};

/** @throws InvalidRequestError with every problem found; `what` begins its message, such as `Invalid wrapper`. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  event: APIGatewayProxyEvent,
  what: string,
): z.output<Schema> {
  refuseRepeated(event, what);
  const raw: RawRequest = {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers: requestHeaders(event),
    body: bodyOf(event, what),
  };
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap(issuesOf);
  const first = issues[0] ?? { path: 'request', message: 'invalid' };
  throw new InvalidRequestError(`${what}: ${first.path}: ${first.message}`, issues);
}

/** Which of two values was meant nobody can tell, and half of what was asked for is a wrong answer. */
function refuseRepeated({ multiValueQueryStringParameters }: APIGatewayProxyEvent, what: string): void {
  const repeated = Object.entries(multiValueQueryStringParameters ?? {}).filter(
    ([, values]) => (values?.length ?? 0) > 1,
  );
  const issues = repeated.map(([path]) => ({ path, message: 'is given more than once' }));
  const [first] = issues;
  if (first) throw new InvalidRequestError(`${what}: ${first.path}: ${first.message}`, issues);
}

function bodyOf(event: APIGatewayProxyEvent, what: string): unknown {
  if (event.body === null || event.body === undefined || event.body === '') return undefined;
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  const refused = (message: string, cause?: unknown) =>
    new InvalidRequestError(`${what}: body: ${message}`, [{ path: 'body', message }], { cause });
  let body: unknown;
  try {
    body = parseDefinition(text);
  } catch (error) {
    throw refused('is not valid JSON', error);
  }
  if (isDeeperThan(body, DEEPEST)) throw refused(`is nested more than ${DEEPEST} levels deep`);
  return body;
}

/** Breadth first, so that no depth can exhaust the stack. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}

/** One issue per field; names fields as the user wrote them, without the part of the request they were in. */
function issuesOf(issue: z.core.$ZodIssue): FieldIssue[] {
  const path = pathOf(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issueMessage(issue) }];
  if (path === 'query') return issue.keys.map((key) => ({ path: key, message: 'unknown parameter' }));
  return issue.keys.map((key) => ({ path: path === 'body' ? key : `${path}.${key}`, message: 'unknown field' }));
}

function pathOf(path: readonly PropertyKey[]): string {
  const [, ...within] = path;
  if (within.length === 0) return String(path[0] ?? 'body');
  return within
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
