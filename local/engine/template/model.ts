import type * as z from 'zod';
import type { apiKinds } from './kinds-api.ts';
import type { storageKinds } from './kinds-storage.ts';

/** Everything of an assembly that is run, with all references resolved. Durations in seconds, sizes in MB. */
export type Model = {
  readonly region: string;
  readonly account: string;
  readonly functions: readonly FunctionModel[];
  readonly tables: readonly TableModel[];
  readonly buckets: readonly BucketModel[];
  readonly queues: readonly QueueModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly api: ApiModel | undefined;
  readonly stateMachines: readonly StateMachineModel[];
  readonly rules: readonly RuleModel[];
  readonly schedules: readonly ScheduleModel[];
  /** The stacks' outputs that could be resolved, by name. */
  readonly outputs: ReadonlyMap<string, string>;
};

export type FunctionModel = {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The unpacked bundle, and the file in it and its export, as `Handler` says: `api/get-wrapper.handler`. */
  readonly directory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number | undefined;
  /** How often a failed asynchronous invocation is repeated. */
  readonly asyncRetries: number;
};

type Output<Kind extends { properties: z.ZodType }> = z.output<Kind['properties']>;

export type TableModel = { readonly logicalId: string; readonly name: string } & Pick<
  Output<(typeof storageKinds)['AWS::DynamoDB::Table']>,
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'TimeToLiveSpecification'
>;

type BucketModel = { readonly logicalId: string; readonly name: string };

export type QueueModel = {
  /** As functions are told: `https://sqs.<region>.amazonaws.com/<account>/<name>`. */
  readonly url: string;
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  /** Where a message goes that was received so often and never deleted. */
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
};

/** A queue whose messages a function is invoked with. */
export type EventSourceModel = {
  readonly functionArn: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly windowSeconds: number;
  /** Whether the function answers which messages failed; if not, a batch is done or not as a whole. */
  readonly partialResponses: boolean;
  /** Batches at once. */
  readonly maximumConcurrency: number;
};

export type StateMachineModel = { readonly name: string; readonly arn: string; readonly definition: string };

export type Target = { readonly functionArn: string; readonly input: unknown };

export type RuleModel = { readonly name: string; readonly pattern: EventPattern; readonly targets: readonly Target[] };

/** Fields to be equal to one of the values, nested as the event is. */
export type EventPattern = { readonly [field: string]: EventPattern | readonly (string | number | boolean | null)[] };

export type ScheduleState = 'ENABLED' | 'DISABLED';

export type ScheduleModel = {
  readonly name: string;
  readonly arn: string;
  readonly expression: string;
  readonly timeZone: string;
  /** Whether it is one of EventBridge Scheduler, and not a rule's. */
  readonly ofScheduler: boolean;
  readonly state: ScheduleState;
  /** Whether its first time is now, as of a rate of EventBridge Scheduler; a rule waits for its first interval to pass. */
  readonly beginsAtOnce: boolean;
  readonly targets: readonly Target[];
};

export type RouteModel = {
  readonly method: string;
  /** As API Gateway writes it: `/wrappers/{wrapper_id}`. */
  readonly path: string;
  readonly resourceId: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly authorizerArn: string | undefined;
  readonly apiKeyRequired: boolean;
  readonly requiredParameters: readonly string[];
};

export type Throttle = { readonly burst: number; readonly rate: number };

export type GatewayResponseModel = Pick<
  Output<(typeof apiKinds)['AWS::ApiGateway::GatewayResponse']>,
  'ResponseType' | 'StatusCode' | 'ResponseParameters' | 'ResponseTemplates'
>;

export type UsagePlanModel = {
  readonly id: string;
  readonly name: string;
  readonly throttle: Throttle | undefined;
  readonly quota: { readonly Limit: number; readonly Period: 'DAY' | 'WEEK' | 'MONTH' } | undefined;
};

/** A gateway key that the template has. */
export type ApiKeyModel = {
  readonly id: string;
  readonly value: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly usagePlanIds: readonly string[];
};

export type ApiModel = {
  readonly id: string;
  readonly stage: string;
  readonly apiKeySource: 'AUTHORIZER' | 'HEADER';
  readonly throttle: Throttle | undefined;
  readonly routes: readonly RouteModel[];
  readonly gatewayResponses: readonly GatewayResponseModel[];
  readonly usagePlans: readonly UsagePlanModel[];
  readonly keys: readonly ApiKeyModel[];
};
