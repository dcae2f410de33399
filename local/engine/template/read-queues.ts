import type { EventSourceModel, FunctionModel, Model, QueueModel } from './model.ts';
import type { Resource, Resources } from './read-resources.ts';

type Report = (problem: string) => void;
type Mapping = Resource<'AWS::Lambda::EventSourceMapping'>;

/** Queues, and the event sources of them that are enabled. */
export function readQueues(
  resources: Resources,
  functions: readonly FunctionModel[],
  report: Report,
): Pick<Model, 'queues' | 'eventSources'> {
  const queues = resources.of('AWS::SQS::Queue').map(({ ref, arn, properties }) => ({
    url: ref,
    arn,
    visibilitySeconds: properties.VisibilityTimeout,
    delaySeconds: properties.DelaySeconds,
    retentionSeconds: properties.MessageRetentionPeriod,
    maximumMessageBytes: properties.MaximumMessageSize,
    redrive: properties.RedrivePolicy && {
      deadLetterArn: properties.RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: properties.RedrivePolicy.maxReceiveCount,
    },
  }));
  for (const { stack, logicalId, properties } of resources.of('AWS::SQS::Queue')) {
    const target = properties.RedrivePolicy?.deadLetterTargetArn;
    if (target !== undefined && !queues.some(({ arn }) => arn === target))
      report(`AWS::SQS::Queue ${stack.name}/${logicalId} RedrivePolicy: no such queue ${target}`);
  }
  const eventSources = resources
    .of('AWS::Lambda::EventSourceMapping')
    .flatMap((mapping) => readEventSource(mapping, queues, functions, report) ?? []);
  return { queues, eventSources };
}

function readEventSource(
  { stack, logicalId, properties }: Mapping,
  queues: readonly QueueModel[],
  functions: readonly FunctionModel[],
  report: Report,
): EventSourceModel | undefined {
  const where = `AWS::Lambda::EventSourceMapping ${stack.name}/${logicalId}`;
  const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
  const fn = functions.find(({ arn, name }) => [arn, name].includes(properties.FunctionName));
  if (!queue)
    report(`${where} EventSourceArn ${properties.EventSourceArn}: only queues of the template can be sources`);
  if (!fn) report(`${where} FunctionName ${properties.FunctionName}: no such function`);
  if (!queue || !fn) return undefined;
  // Lambda refuses it too: a message would come again while it is being worked on.
  if (queue.visibilitySeconds < fn.timeoutSeconds)
    report(`${where}: the queue's VisibilityTimeout is less than the Timeout of its function`);
  if (!properties.Enabled) return undefined;
  return {
    functionArn: fn.arn,
    queueUrl: queue.url,
    queueArn: queue.arn,
    batchSize: properties.BatchSize,
    windowSeconds: properties.MaximumBatchingWindowInSeconds,
    partialResponses: properties.FunctionResponseTypes.length > 0,
    maximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
  };
}
