import { ConditionalCheckFailedException, DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { InvalidRequestError, RetryableError } from '../domain/errors.ts';

/**
 * A store that hangs is given up quickly and tried again. All attempts together last 6 s and a little, so that a route
 * still answers 503 itself, before its function's 10 s are over.
 */
export const dynamo = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: 3,
    // Without the throw, a time-out is but a warning in the log.
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);

/** Runs a call to the store. @throws RetryableError when it is out of reach, throttled or failing; bugs go through as they are. */
export async function storeCall<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isOurMistake(error)) throw error;
    throw new RetryableError('the store is unavailable', { cause: error });
  }
}

/** Answers false when the condition of a write failed. */
export async function conditional(call: () => Promise<unknown>): Promise<boolean> {
  return storeCall(async () => {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}

/** Pages are continued by the last key seen, hidden in text that survives new items. */
export function encodeCursor(key: string | undefined): string | null {
  return key === undefined ? null : Buffer.from(key, 'utf8').toString('base64url');
}

/** The most bytes that a partition key and a sort key may have: what is longer names nothing, and is an error to ask for. */
export const LONGEST_PARTITION_KEY = 2048;
export const LONGEST_SORT_KEY = 1024;

/** @throws InvalidRequestError unless the cursor is one that `encodeCursor` made for keys beginning with `prefix`. */
export function decodeCursor(cursor: string, prefix: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  const isKey = key !== '' && Buffer.byteLength(key) <= LONGEST_SORT_KEY;
  if (!isKey || encodeCursor(key) !== cursor || !key.startsWith(prefix)) {
    const issue = { path: 'cursor', message: 'is not a cursor of this list' };
    throw new InvalidRequestError(`Invalid request: ${issue.path}: ${issue.message}`, [issue]);
  }
  return key;
}

function isOurMistake(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof DynamoDBServiceException && error.name === 'ValidationException')
  );
}
