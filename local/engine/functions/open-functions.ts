import { availableParallelism } from 'node:os';
import type { FunctionModel, Model } from '../template/model.ts';
import { openFunctionLog } from './function-log.ts';
import { type LambdaFunction, openFunction } from './lambda-function.ts';
import { turns } from './turns.ts';

export type FunctionPools = {
  readonly byArn: ReadonlyMap<string, LambdaFunction>;
  /** By function name, or by the logical id it begins with. */
  named(name: string): LambdaFunction | undefined;
  close(): Promise<void>;
};

type Options = {
  readonly logDir: string;
  readonly endpoints: {
    readonly dynamodb: string;
    readonly s3: string;
    readonly secretsManager?: string;
    readonly sqs?: string;
    readonly eventBridge?: string;
    readonly sfn: string;
    readonly apiGateway: string;
    readonly scheduler: string;
  };
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly newId: () => string;
};

/** At once, per function: enough for many waiting requests, each of them cheap; and for many runs, each a process. */
const CONCURRENCY = { thread: 64, process: 32 } as const;

/**
 * Opens a pool for every function of the model. What answers requests within seconds runs in threads; what moves data
 * (behind a state machine, a rule or a schedule) in processes, which can be measured and killed.
 */
export function openFunctions(model: Model, { logDir, endpoints, credentials, newId }: Options): FunctionPools {
  const requestFunctions = new Set(model.api?.routes.flatMap((route) => [route.functionArn, route.authorizerArn]));
  const environment = {
    AWS_REGION: model.region,
    AWS_DEFAULT_REGION: model.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_SFN: endpoints.sfn,
    AWS_ENDPOINT_URL_API_GATEWAY: endpoints.apiGateway,
    AWS_ENDPOINT_URL_SCHEDULER: endpoints.scheduler,
    ...(endpoints.secretsManager && { AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager }),
    ...(endpoints.sqs && { AWS_ENDPOINT_URL_SQS: endpoints.sqs }),
    ...(endpoints.eventBridge && { AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventBridge }),
  };
  // A start takes a processor for itself: one is left to those that serve.
  const starts = Math.max(1, availableParallelism() - 1);
  const inTurn = { thread: turns(starts), process: turns(starts) };
  const open = (fn: FunctionModel) => {
    const isolation = requestFunctions.has(fn.arn) ? 'thread' : 'process';
    const log = openFunctionLog(logDir, fn.name);
    const pool = openFunction(fn, {
      isolation,
      environment,
      concurrency: CONCURRENCY[isolation],
      inTurn: inTurn[isolation],
      log,
      newId,
    });
    return { fn, log, pool };
  };
  const opened = model.functions.map(open);
  return {
    byArn: new Map(opened.map(({ fn, pool }) => [fn.arn, pool])),
    named: (name) => opened.find(({ fn }) => fn.name === name || fn.logicalId.startsWith(name))?.pool,
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.close()));
      await Promise.all(opened.map(({ log }) => log.close()));
    },
  };
}
