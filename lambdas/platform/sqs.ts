import { SQSClient } from '@aws-sdk/client-sqs';

/** Sends to its region's own address, whatever a queue's URL says. */
export function sqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 3,
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  });
}
