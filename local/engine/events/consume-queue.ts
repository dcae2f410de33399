import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Outcome } from '../functions/outcome.ts';
import type { EventSourceModel } from '../template/model.ts';
import { doneMessages } from './batch-response.ts';
import { queueEvent } from './queue-event.ts';

type Deps = {
  readonly sqs: SQSClient;
  readonly region: string;
  readonly invoke: (event: unknown) => Promise<Outcome>;
  readonly log: (line: string) => void;
};

/** As long as SQS lets one wait. */
const LONGEST_WAIT_SECONDS = 20;
const PAUSE_AFTER_FAILURE_MS = 1000;

/**
 * Invokes a function with the messages of its queue, batch by batch, until closed. What the function has not done is
 * left in the queue, where it becomes visible again when its time is over, or dead after its last receive.
 *
 * Closing waits for no batch: whoever closes the function ends it, and its messages stay undone.
 */
export function consumeQueue(source: EventSourceModel, deps: Deps): { close(): Promise<void> } {
  const { sqs, region, invoke, log } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  const closed = new Promise((resolve) => signal.addEventListener('abort', resolve));
  const underWay = new Set<Promise<void>>();

  const handle = async (messages: readonly Message[]): Promise<void> => {
    try {
      const outcome = await invoke(queueEvent(messages, source.queueArn, region));
      const done = doneMessages(messages, outcome, source.partialResponses);
      if (signal.aborted) return;
      if (outcome.kind !== 'returned') log(`${source.functionArn}: a batch failed: ${outcome.error.errorType}`);
      if (done.length === 0) return;
      const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: source.queueUrl, Entries }));
    } catch (error) {
      if (!signal.aborted) log(`${source.queueUrl}: ${String(error)}`);
    }
  };

  const receive = async (most: number, waitSeconds: number): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: source.queueUrl,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: Math.min(Math.ceil(waitSeconds), LONGEST_WAIT_SECONDS),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
    return Messages;
  };

  /** One batch: what is there, and what comes within the window, up to its size. */
  const gather = async (): Promise<readonly Message[]> => {
    const batch = [...(await receive(source.batchSize, LONGEST_WAIT_SECONDS))];
    const until = performance.now() + source.windowSeconds * 1000;
    while (batch.length > 0 && batch.length < source.batchSize) {
      const leftSeconds = (until - performance.now()) / 1000;
      if (leftSeconds <= 0) break;
      batch.push(...(await receive(source.batchSize - batch.length, leftSeconds)));
    }
    return batch;
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        // Messages are taken when there is somebody to work on them: their time runs from then on.
        if (underWay.size >= source.maximumConcurrency) await Promise.race([...underWay, closed]);
        const batch = signal.aborted ? [] : await gather();
        if (batch.length === 0) continue;
        const work = handle(batch).finally(() => underWay.delete(work));
        underWay.add(work);
      } catch (error) {
        if (signal.aborted) return;
        log(`${source.queueUrl}: ${String(error)}`);
        await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal }).catch(() => {});
      }
    }
  };

  const running = run();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
