import { type SendMessageBatchCommandInput, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';

export type CapturedQueue = {
  readonly client: SQSClient;
  /** One for each call, whatever became of it. */
  readonly calls: SendMessageBatchRequestEntry[][];
  /** What was taken, in the order in which it was. */
  readonly taken: SendMessageBatchRequestEntry[];
  /** Which entries of a call are refused; throws to have the whole call fail. */
  refuses: (entry: SendMessageBatchRequestEntry, call: number) => boolean;
};

/** A queue that keeps what it is sent, behind a real client that sends nothing anywhere. */
export function capturedQueue(): CapturedQueue {
  const client = new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const queue: CapturedQueue = { client, calls: [], taken: [], refuses: () => false };
  const answer = ({ Entries = [] }: SendMessageBatchCommandInput) => {
    const call = queue.calls.push([...Entries]) - 1;
    const { good = [], bad = [] } = Object.groupBy(Entries, (entry) => (queue.refuses(entry, call) ? 'bad' : 'good'));
    queue.taken.push(...good);
    return {
      Successful: good.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' })),
      Failed: bad.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })),
    };
  };
  client.middlewareStack.add(
    () => async (args) => ({
      output: { ...answer(args.input as SendMessageBatchCommandInput), $metadata: {} },
      response: {},
    }),
    { step: 'initialize', name: 'captured' },
  );
  return queue;
}
