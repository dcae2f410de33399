import { findDefinitionProblems } from '../workflows/definition-problems.ts';
import { readAssembly } from './assembly.ts';
import { ACCOUNT, REGION } from './identities.ts';
import type { FunctionModel, Model, StateMachineModel, TableModel } from './model.ts';
import { readApi } from './read-api.ts';
import { readEvents } from './read-events.ts';
import { readQueues } from './read-queues.ts';
import { type Resources, readResources } from './read-resources.ts';

/** Thrown for a template that cannot be run faithfully; the message has one line per problem. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The local engine cannot run this assembly faithfully:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads a cloud assembly directory into what is to be run. Throws `UnsupportedTemplateError` with everything it cannot. */
export function loadModel(directory: string): Model {
  const resources = readResources(readAssembly(directory));
  const problems = [...resources.problems];
  const report = (problem: string): void => {
    problems.push(problem);
  };
  const functions = readFunctions(resources, report);
  const model: Model = {
    region: REGION,
    account: ACCOUNT,
    functions,
    tables: resources.of('AWS::DynamoDB::Table').map(
      ({
        logicalId,
        name,
        properties: { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, TimeToLiveSpecification },
      }): TableModel => ({
        logicalId,
        name,
        AttributeDefinitions,
        KeySchema,
        GlobalSecondaryIndexes,
        TimeToLiveSpecification,
      }),
    ),
    buckets: resources.of('AWS::S3::Bucket').map(({ logicalId, name }) => ({ logicalId, name })),
    ...readQueues(resources, functions, report),
    api: readApi(resources, report),
    stateMachines: readStateMachines(resources, functions, report),
    ...readEvents(resources, functions, report),
    outputs: resources.outputs,
  };
  if (problems.length > 0) throw new UnsupportedTemplateError(problems);
  return model;
}

function readFunctions(resources: Resources, report: (problem: string) => void): FunctionModel[] {
  const invokeConfigs = resources.of('AWS::Lambda::EventInvokeConfig');
  return resources.of('AWS::Lambda::Function').map(({ logicalId, name, arn, stack, properties }) => {
    const directory = stack.assets.get(properties.Code.S3Key);
    if (!directory)
      report(`AWS::Lambda::Function ${stack.name}/${logicalId} Code.S3Key: no such asset in the assembly`);
    const invokeConfig = invokeConfigs.find((config) => config.properties.FunctionName === name);
    return {
      logicalId,
      name,
      arn,
      directory: directory ?? '',
      handler: properties.Handler,
      environment: properties.Environment?.Variables ?? {},
      memoryMb: properties.MemorySize,
      timeoutSeconds: properties.Timeout,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      asyncRetries: invokeConfig?.properties.MaximumRetryAttempts ?? 2,
    };
  });
}

function readStateMachines(
  resources: Resources,
  functions: readonly FunctionModel[],
  report: (problem: string) => void,
): StateMachineModel[] {
  const arns = new Set(functions.map((fn) => fn.arn));
  return resources.of('AWS::StepFunctions::StateMachine').map(({ stack, logicalId, name, arn, properties }) => {
    for (const problem of findDefinitionProblems(properties.DefinitionString, arns)) {
      report(`AWS::StepFunctions::StateMachine ${stack.name}/${logicalId} ${problem}`);
    }
    return { name, arn, definition: properties.DefinitionString };
  });
}
