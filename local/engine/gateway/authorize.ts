import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { GatewayError } from './gateway-responses.ts';

export type Authorization = {
  readonly usageIdentifierKey: string | undefined;
  /** What handlers find in `requestContext.authorizer`; every value is text there. */
  readonly context: Readonly<Record<string, string>>;
};

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const Answer = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Version: z.string().optional(),
    Statement: z.array(
      z.strictObject({ Sid: z.string().optional(), Effect: z.enum(['Allow', 'Deny']), Action: list, Resource: list }),
    ),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
  usageIdentifierKey: z.string().nullish(),
});

/**
 * Asks a request authorizer, and evaluates the policy it answers with.
 * Throws `GatewayError`: 401 when it throws `Unauthorized`, 403 when the policy denies, 500 for any other failure.
 */
export async function authorize(
  authorizer: LambdaFunction,
  event: APIGatewayProxyEvent,
  methodArn: string,
): Promise<Authorization> {
  const { body: _, isBase64Encoded: __, ...request } = event;
  const outcome = await authorizer.invoke({ type: 'REQUEST', methodArn, ...request });
  if (outcome.kind === 'threw' && outcome.error.errorMessage === 'Unauthorized') throw new GatewayError('UNAUTHORIZED');
  if (outcome.kind !== 'returned') throw new GatewayError('AUTHORIZER_FAILURE');
  const answer = Answer.safeParse(outcome.payload);
  if (!answer.success) throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR');
  const { policyDocument, context, principalId, usageIdentifierKey } = answer.data;
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((one) => isLike(one, 'execute-api:Invoke')) && Resource.some((one) => isLike(one, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny'))
    throw new GatewayError('ACCESS_DENIED', 'User is not authorized to access this resource with an explicit deny');
  if (!effects.includes('Allow')) throw new GatewayError('ACCESS_DENIED');
  return {
    usageIdentifierKey: usageIdentifierKey ?? undefined,
    context: { ...context, principalId, integrationLatency: '0' },
  };
}

/** Wildcards of policies: `*` for any text, `?` for one character. */
function isLike(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(value);
}
