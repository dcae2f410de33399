import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Takes all messages out of a queue of the stack; answers their bodies. */
export async function messagesIn(queueUrl: string, { sqsUrl }: { readonly sqsUrl: string }): Promise<string[]> {
  const sqs = new SQSClient({ endpoint: sqsUrl, region: 'us-east-1', credentials });
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
  sqs.destroy();
  return bodies;
}
