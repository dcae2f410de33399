import * as z from 'zod';
import { patternSteps } from '../domain/mapping/pattern-matcher.ts';
import { NewKey } from './new-key.ts';
import { WrapperDefinition } from './wrapper-definition.ts';

const wrapperPath = z.object({ wrapper_id: z.string() });
const executionPath = wrapperPath.extend({ execution_id: z.string() });

const text = z.string();
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const limit = (most: number, usual: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number, in digits')
    .transform(Number)
    .pipe(z.number().min(1).max(most))
    .default(usual);
/** RFC 7240: `respond-async`, `wait=N`. */
const prefer = z.string().max(200).optional();
const page = (most: number, usual: number) =>
  z.strictObject({ limit: limit(most, usual), cursor: text.min(1).optional() });

const shownOnly = [
  'wrapper_id',
  'status',
  'error_message',
  'execution_log',
  'last_data_sent',
  'data_points_count',
  'checkpoint',
  'created_at',
  'updated_at',
];

/** A wrapper as it was got may be put back: what is only shown of it is not part of its definition. */
function withoutShown(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !shownOnly.includes(name)));
}

/** Of all patterns of a mapping: a run that maps ten of the longest texts must not forget its lease meanwhile. */
const MOST_STEPS = 1000;

/** What is asked of new definitions only: those that are stored already must stay readable. */
const NewDefinition = WrapperDefinition.refine(({ name }) => !/\p{Cc}/u.test(name), {
  path: ['name'],
  error: 'may not hold control characters',
}).refine(({ mapping }) => stepsOf(mapping) <= MOST_STEPS, {
  path: ['mapping', 'fields'],
  error: `have patterns that take more than ${MOST_STEPS} steps together: repeat less in {…}`,
});

function stepsOf(mapping: WrapperDefinition['mapping']): number {
  const patterns = mapping?.fields?.flatMap(({ match }) => match ?? []) ?? [];
  return patterns.reduce((sum, pattern) => sum + patternSteps(pattern), 0);
}

/** Any wrapper route without more to say. */
export const WrapperRequest = z.object({ path: wrapperPath });
export const CreateWrapperRequest = z.object({ body: NewDefinition });
export const UpdateWrapperRequest = z.object({
  path: wrapperPath,
  query: z.strictObject({ stop: flag.default(false) }),
  body: z.preprocess(withoutShown, NewDefinition),
});
export const DeleteWrapperRequest = z.object({
  path: wrapperPath,
  query: z.strictObject({ stop: flag.default(false) }),
});
export const ListWrappersRequest = z.object({ query: page(100, 20) });
export const ListOfWrapperRequest = z.object({ path: wrapperPath, query: page(1000, 100) });
export const ExecutionRequest = z.object({ path: executionPath });
export const RedriveRequest = ExecutionRequest.extend({ headers: z.object({ prefer }) });
export const ListQuarantineRequest = z.object({ path: executionPath, query: page(1000, 100) });

const points = z.strictObject({ limit: limit(100, 10) });
export const PreviewDefinitionRequest = z.object({ query: points, body: WrapperDefinition });
export const PreviewWrapperRequest = z.object({ path: wrapperPath, query: points });

const destination = WrapperDefinition.shape.destination.optional();
/** A sample to infer a wrapper from. */
export const InferRequest = z.object({
  body: z.union(
    [
      z.strictObject({ file_id: z.uuid(), destination }),
      z.strictObject({ url: z.url({ protocol: /^https?$/ }), destination }),
    ],
    { error: 'must be {"file_id": …} or {"url": "https://…"}, and may have a "destination"' },
  ),
});

/** The names of checkpoints as `GET …/checkpoints` lists them. */
const CheckpointId = z.string().regex(/^cp-\d{1,12}$/, 'is not a checkpoint id such as cp-42');

/** A checkpoint as it was got may be put back whole; its id is what counts. */
export const SetCheckpointRequest = z.object({
  path: wrapperPath,
  body: z.object({ id: CheckpointId }),
});

export const ExecuteRequest = z.object({
  path: wrapperPath,
  query: z.strictObject({
    from: z
      .string()
      .regex(/^(start|cp-\d{1,12})$/, 'must be "start" or a checkpoint id such as cp-42')
      .optional(),
  }),
  headers: z.object({
    prefer,
    'idempotency-key': z
      .string()
      .min(1)
      .max(255)
      .regex(/^[\x21-\x7e]+$/, 'may hold printable ASCII without blanks only')
      .optional(),
  }),
  body: z.unknown().refine((body) => typeof body !== 'object' || body === null || !('from' in body), {
    path: ['from'],
    error: 'goes into the address: ?from=start, or ?from=cp-42',
  }),
});

export const CreateUploadRequest = z.object({
  body: z.strictObject({
    filename: z
      .string()
      .min(1)
      .max(255)
      .regex(/\.(csv|tsv|txt|xlsx)$/i, 'must end in .csv, .tsv, .txt or .xlsx'),
    /** Bytes; signed into the upload, which is refused if it differs. */
    size: z.int().min(1),
  }),
});

const noParameters = z.strictObject({});
const filter = z.string().min(1).max(100).optional();

export const FeedHealthRequest = z.object({ query: noParameters });
export const AdapterHealthRequest = z.object({ path: z.object({ adapterId: z.string() }), query: noParameters });
export const ListRecordsRequest = z.object({
  query: page(200, 50).extend({
    jurisdiction: filter,
    feed_type: filter,
    adapter_id: filter,
    updated_since: z.iso
      .datetime({
        offset: true,
        error: 'must be a time with its zone such as 2026-03-03T10:35:22Z (a + in it is written %2B)',
      })
      .transform(Date.parse)
      .optional(),
  }),
});

const keyPath = z.object({ key_id: z.string().max(100) });
export const CreateKeyRequest = z.object({ query: z.strictObject({}), body: NewKey });
export const ListKeysRequest = z.object({ query: page(1000, 100) });
/** A key route without more to say. */
export const KeyRequest = z.object({ path: keyPath, query: z.strictObject({}) });

/** Any route about the system as a whole. */
export const SystemRequest = z.object({ query: noParameters });
