import { expect, test } from '@jest/globals';
import { causeOf } from '../../../lambdas/platform/status/cause-of.ts';

const secret = 'arn:aws:dynamodb:eu-west-1:123456789012:table/headgate-prod-keys';
const failure = (more: object) => Object.assign(new Error(`about ${secret}`), more);
const answered = (name: string, httpStatusCode: number) => failure({ name, $metadata: { httpStatusCode } });

test.each([
  ['timed out', failure({ name: 'TimeoutError' })],
  ['connection refused', failure({ code: 'ECONNREFUSED' })],
  ['connection lost', failure({ name: 'TimeoutError', code: 'ECONNRESET' })],
  ['name not found', failure({ code: 'ENOTFOUND' })],
  ['throttled', answered('ProvisionedThroughputExceededException', 400)],
  ['throttled', answered('ThrottlingException', 400)],
  ['throttled', answered('RequestThrottled', 403)],
  ['throttled', answered('SlowDown', 503)],
  ['credentials refused', answered('ExpiredTokenException', 400)],
  ['credentials refused', failure({ name: 'CredentialsProviderError' })],
  ['access denied', answered('AccessDeniedException', 400)],
  // S3 says no more than the status to a request that has no body.
  ['access denied', answered('403', 403)],
  ['not found', answered('ResourceNotFoundException', 400)],
  ['not found', answered('QueueDoesNotExist', 400)],
  ['not found', answered('StateMachineDoesNotExist', 400)],
  ['not found', answered('NotFound', 404)],
  ['service failed', answered('InternalServerError', 500)],
  ['failed', failure({})],
  ['failed', 'text'],
  ['failed', undefined],
])('%s: tells why, and of what nothing', (cause, error) => {
  expect(causeOf(error)).toBe(cause);
});
