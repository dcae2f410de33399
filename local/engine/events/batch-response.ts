import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Outcome } from '../functions/outcome.ts';

const Response = z
  .looseObject({ batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * The messages of a batch that are done, by what its function answered. As Lambda has it: all of them if it names no
 * failure; none if it failed, or names something that is no message of the batch.
 */
export function doneMessages(
  batch: readonly Message[],
  outcome: Outcome,
  partialResponses: boolean,
): readonly Message[] {
  if (outcome.kind !== 'returned') return [];
  if (!partialResponses) return batch;
  const parsed = Response.safeParse(typeof outcome.payload === 'object' ? outcome.payload : undefined);
  if (!parsed.success) return [];
  const failed = new Set(parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(batch.map(({ MessageId }) => MessageId));
  return failed.isSubsetOf(known) ? batch.filter(({ MessageId }) => !failed.has(MessageId ?? '')) : [];
}
