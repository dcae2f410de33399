import type { Destination } from '../domain/destination.ts';
import { eventBridgeDestination } from './eventbridge.ts';
import type { EventBridgeDestinationConfig } from './eventbridge-config.ts';
import { httpDestination } from './http.ts';
import type { HttpDestinationConfig } from './http-config.ts';
import type { DestinationPorts } from './ports.ts';
import { s3Destination } from './s3.ts';
import type { S3DestinationConfig } from './s3-config.ts';
import { sqsDestination } from './sqs.ts';
import type { SqsDestinationConfig } from './sqs-config.ts';

type DestinationConfig =
  | HttpDestinationConfig
  | S3DestinationConfig
  | SqsDestinationConfig
  | EventBridgeDestinationConfig;
type Plugins = {
  [T in DestinationConfig['type']]: (
    config: Extract<DestinationConfig, { type: T }>,
    ports: DestinationPorts,
  ) => Destination;
};

/** Every kind of destination there is. */
const plugins: Plugins = {
  http: httpDestination,
  s3: s3Destination,
  sqs: sqsDestination,
  eventbridge: eventBridgeDestination,
};

export function openDestination(config: DestinationConfig, ports: DestinationPorts): Destination {
  // The map above ties each config to its plug-in; indexing it by a union loses that tie.
  const open = plugins[config.type] as (config: DestinationConfig, ports: DestinationPorts) => Destination;
  return open(config, ports);
}
