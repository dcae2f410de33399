import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type AsyncInvoke, type AsyncInvoker, createAsyncInvoker } from './events/async-invoke.ts';
import { consumeQueue } from './events/consume-queue.ts';
import { executionStatusEvent, publish, scheduledEvent } from './events/event-bus.ts';
import { schedulerService } from './events/scheduler-service.ts';
import { type Schedules, startSchedules } from './events/schedules.ts';
import { type FunctionPools, openFunctions } from './functions/open-functions.ts';
import { startControlPlane } from './gateway/control-plane.ts';
import { startGateway } from './gateway/gateway.ts';
import { type KeyStore, openKeyStore } from './gateway/key-store.ts';
import { type HttpAnswer, type HttpService, startHttpService } from './http-service.ts';
import type { EventSourceModel, Model, ScheduleModel } from './template/model.ts';
import { type Execution, openExecutionStore } from './workflows/execution-store.ts';
import { sfnService } from './workflows/sfn-service.ts';
import { createWorkflows, type Workflows } from './workflows/workflows.ts';

export type EngineOptions = {
  /** What to run, as `loadModel` reads it from a synthesized cloud assembly. */
  readonly model: Model;
  /** Keys, executions and logs are kept here. */
  readonly dataDir: string;
  /** Of the API; 0 picks a free one. */
  readonly port: number;
  /** Where the services listen that the engine is not; functions find those alone that are told. */
  readonly endpoints: {
    readonly dynamodb: string;
    readonly s3: string;
    readonly secretsManager?: string;
    readonly sqs?: string;
    readonly eventBridge?: string;
    /** In place of the engine's own Step Functions, for instance something that stands before it. */
    readonly sfn?: string;
    /** In place of the engine's own API of API Gateway, and its Scheduler. */
    readonly apiGateway?: string;
    readonly scheduler?: string;
  };
  /** What functions sign their calls with. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly log: (line: string) => void;
  /** Runs every schedule this often, whatever its expression says. */
  readonly everySeconds?: number | undefined;
};

export type Engine = {
  readonly model: Model;
  /** Base URL of the API. */
  readonly apiUrl: string;
  /** API Gateway's own API, for `@aws-sdk/client-api-gateway`. */
  readonly controlUrl: string;
  /** Step Functions, for `@aws-sdk/client-sfn`. */
  readonly sfnUrl: string;
  /** EventBridge Scheduler, for `@aws-sdk/client-scheduler`. */
  readonly schedulerUrl: string;
  readonly functions: FunctionPools;
  readonly workflows: Workflows;
  readonly schedules: Pick<Schedules, 'setState'>;
  /** Ends sandboxes, servers and timers; nothing is left that keeps the process alive. Runs go on at the next start. */
  close(): Promise<void>;
};

const now = (): number => Date.now();

/** Runs a cloud assembly on this machine. What has been started is ended again, last first, if a later part fails. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const opened: { close(): unknown }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part.close();
  };
  const keep = <Part extends { close(): unknown }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  try {
    return { ...(await open(options, keep)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Keep = <Part extends { close(): unknown }>(part: Part) => Part;

async function open(options: EngineOptions, keep: Keep): Promise<Omit<Engine, 'close'>> {
  const { model, dataDir, endpoints, credentials } = options;
  const keys = openKeyStore(dataDir, model.api?.keys ?? [], now);
  const executions = openExecutionStore(dataDir, now);
  // Servers that functions talk to have an address before functions start, and answer once what they front is there.
  const control = keep(await startControlPlane({ keys, plans: model.api?.usagePlans ?? [], now, newId: randomUUID }));
  const sfn = keep(await startFront('Step Functions'));
  const scheduler = keep(await startFront('Scheduler'));
  const services = { sfn: sfn.url, scheduler: scheduler.url, apiGateway: control.url, ...endpoints };
  const logDir = path.join(dataDir, 'logs');
  const functions = keep(openFunctions(model, { logDir, endpoints: services, credentials, newId: randomUUID }));
  const invoker = keep(startAsyncInvoker(model, functions, options));
  const onChange = (execution: Execution): void =>
    publish(executionStatusEvent(execution, randomUUID(), now()), model.rules, invoker.invoke);
  const { stateMachines } = model;
  const workflows = keep(createWorkflows({ stateMachines, functions: functions.byArn, executions, onChange, now }));
  sfn.answerBy(sfnService(workflows, randomUUID));
  const gateway = await startApi(model, functions, keys, options.port);
  if (gateway) keep(gateway);
  // Last: what they call finds everything there.
  for (const source of model.eventSources) keep(startEventSource(source, functions, options));
  const schedules = keep(startTicking(model, invoker.invoke, options));
  scheduler.answerBy(schedulerService(schedules.find));
  const urls = { controlUrl: control.url, sfnUrl: sfn.url, schedulerUrl: scheduler.url };
  return { model, apiUrl: gateway?.url ?? '', ...urls, functions, workflows, schedules };
}

/** A service that has an address, and answers once it is told by what. */
async function startFront(name: string): Promise<HttpService & { answerBy(answer: HttpAnswer): void }> {
  let answer: HttpAnswer = () => {
    throw new Error(`${name} is not up yet`);
  };
  const service = await startHttpService(0, (request) => answer(request));
  return {
    ...service,
    answerBy(given) {
      answer = given;
    },
  };
}

function startEventSource(source: EventSourceModel, functions: FunctionPools, options: EngineOptions) {
  const { endpoints, credentials, model, log } = options;
  if (endpoints.sqs === undefined) throw new Error(`there is no SQS for ${source.queueUrl}`);
  const fn = functions.byArn.get(source.functionArn);
  if (!fn) throw new Error(`no function ${source.functionArn}`);
  const { region } = model;
  const sqs = new SQSClient({ endpoint: endpoints.sqs, region, credentials, useQueueUrlAsEndpoint: false });
  const consumer = consumeQueue(source, { sqs, region, invoke: fn.invoke, log });
  return {
    close: async () => {
      await consumer.close();
      sqs.destroy();
    },
  };
}

function startAsyncInvoker(model: Model, functions: FunctionPools, { log }: EngineOptions): AsyncInvoker {
  const retries = new Map(model.functions.map((fn) => [fn.arn, fn.asyncRetries]));
  const retriesOf = (arn: string): number => retries.get(arn) ?? 0;
  return createAsyncInvoker({ functions: functions.byArn, retriesOf, log });
}

function startTicking({ schedules }: Model, invoke: AsyncInvoke, { everySeconds }: EngineOptions): Schedules {
  const fire = ({ arn, targets }: ScheduleModel): void => {
    for (const { functionArn, input } of targets)
      invoke(functionArn, input ?? scheduledEvent(arn, randomUUID(), now()));
  };
  return startSchedules(schedules, fire, everySeconds);
}

async function startApi(
  model: Model,
  functions: FunctionPools,
  keys: KeyStore,
  port: number,
): Promise<HttpService | undefined> {
  const owner = `${model.region}:${model.account}`;
  return (
    model.api && startGateway({ api: model.api, functions: functions.byArn, keys, port, owner, now, newId: randomUUID })
  );
}
