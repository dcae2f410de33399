import * as z from 'zod';
import { EventBridgeDestinationConfig } from '../destinations/eventbridge-config.ts';
import { HttpDestinationConfig } from '../destinations/http-config.ts';
import { S3DestinationConfig } from '../destinations/s3-config.ts';
import { SqsDestinationConfig } from '../destinations/sqs-config.ts';
import { isExactNumber, type JsonValue } from '../domain/json.ts';
import { ApiSourceConfig } from '../sources/api/config.ts';
import { CsvSourceConfig } from '../sources/csv/config.ts';
import { XlsxSourceConfig } from '../sources/xlsx/config.ts';
import { MappingConfig } from './mapping-config.ts';

const SourceConfig = z.discriminatedUnion('type', [ApiSourceConfig, CsvSourceConfig, XlsxSourceConfig]);
const DestinationConfig = z.discriminatedUnion('type', [
  HttpDestinationConfig,
  S3DestinationConfig,
  SqsDestinationConfig,
  EventBridgeDestinationConfig,
]);

/** Passed on as it is: numbers that are no floats and names such as `__proto__` survive no schema that looks into it. */
const Metadata = z.custom<Readonly<Record<string, JsonValue>>>(isJsonObject, 'must be an object');

/** A definition is kept in one item of the store. */
const LARGEST = 256 * 1024;

/** A wrapper as its user defines it (docs/wrappers.md). Shape only: whether files and addresses exist is found out at execute. */
export const WrapperDefinition = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    metadata: Metadata.nullish(),
    source: SourceConfig,
    mapping: MappingConfig.nullish(),
    destination: DestinationConfig,
    mode: z.enum(['once', 'continuous']).default('once'),
    interval_seconds: z.int().min(1).max(31_536_000).default(300),
    batch_size: z.int().min(1).max(5000).default(500),
    stall_after_seconds: z.int().min(1).max(31_536_000).nullish(),
    max_quarantined: z.int().min(0).default(1000),
  })
  .refine((definition) => Buffer.byteLength(JSON.stringify(definition)) <= LARGEST, 'is larger than 256 KB');

export type WrapperDefinition = z.output<typeof WrapperDefinition>;
export type SourceConfig = WrapperDefinition['source'];
export type DestinationConfig = WrapperDefinition['destination'];

function isJsonObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}
