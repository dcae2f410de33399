import * as z from 'zod';

/** A quarter of the most that SQS takes, so that one call carries four and common consumers can take them. */
const DEFAULT_BYTES = 256 * 1024;

/** Packs points into messages of a queue that the deployment lists. */
export const SqsDestinationConfig = z.strictObject({
  type: z.literal('sqs'),
  queue_url: z.url({ protocol: /^https$/ }).max(256),
  /** Most bytes of one message. */
  message_bytes: z
    .int()
    .min(4096)
    .max(1024 * 1024)
    .default(DEFAULT_BYTES),
});
export type SqsDestinationConfig = z.output<typeof SqsDestinationConfig>;
