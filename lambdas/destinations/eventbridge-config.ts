import * as z from 'zod';

/** Packs points into events on a bus that the deployment lists. */
export const EventBridgeDestinationConfig = z.strictObject({
  type: z.literal('eventbridge'),
  bus: z.string().regex(/^[\w.-]{1,256}$/, "must be the name of a bus in the deployment's account and region"),
  detail_type: z.string().min(1).max(128),
});
export type EventBridgeDestinationConfig = z.output<typeof EventBridgeDestinationConfig>;
