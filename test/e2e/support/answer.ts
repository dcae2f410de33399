import type { FieldIssue } from '../../../lambdas/domain/errors.ts';
import type { JsonValue } from '../../../lambdas/domain/json.ts';
import type { executionView } from '../../../lambdas/platform/views/execution-view.ts';
import type { checkpointView, wrapperView } from '../../../lambdas/platform/views/wrapper-view.ts';

type WrapperBody = ReturnType<typeof wrapperView>;
type ExecutionBody = ReturnType<typeof executionView>;
type CheckpointBody = NonNullable<ReturnType<typeof checkpointView>>;

type QuarantinedBody = { readonly row: number; readonly reason: string; readonly raw: string };

/** A list of which a test reads the first entry: without one, the test fails by itself. */
type Entries<Entry> = readonly [Entry, ...Entry[]];

/** An entry of any list; which of these fields it has depends on the list. */
type Item = Omit<ExecutionBody, 'status'> & QuarantinedBody & Pick<WrapperBody, 'status'> & { readonly id: string };

type DataPointBody = {
  readonly id: string;
  readonly timestamp: string | null;
  readonly data: Readonly<Record<string, JsonValue>>;
};

/**
 * The fields of all answers, as docs/api.md has them. Which of them an answer has depends on its route, and is for the
 * test to say.
 */
export type Answer = Omit<WrapperBody, 'checkpoint'> & {
  readonly detail: string;
  readonly errors: Entries<FieldIssue>;
  readonly checkpoint: CheckpointBody;
  readonly success: boolean | null;
  readonly message: string;
  readonly data_points_sent: number | null;
  readonly execution_time: string | null;
  readonly execution_id: string;
  readonly health_status: string;
  readonly is_actively_executing: boolean;
  readonly monitoring_details: {
    readonly reason_code: string;
    readonly recent_errors: readonly { readonly at: string; readonly message: string }[];
    readonly [other: string]: unknown;
  };
  readonly items: Entries<Item>;
  readonly next_cursor: string | null;
  readonly file_id: string;
  readonly upload: {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly expires_at: string;
  readonly data_points: Entries<DataPointBody>;
  readonly quarantined: Entries<QuarantinedBody>;
  readonly notes: readonly string[];
  readonly error: string | null;
  readonly rows_tried: number;
  readonly still_quarantined: number;
  readonly definition: Pick<WrapperBody, 'name' | 'source' | 'mapping' | 'destination'>;
  readonly choices: readonly {
    readonly path: string;
    readonly value: JsonValue;
    readonly evidence: string;
    readonly confidence: number;
  }[];
};
