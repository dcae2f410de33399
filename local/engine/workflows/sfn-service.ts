import * as z from 'zod';
import type { HttpRequest, HttpResponse } from '../http-service.ts';
import type { Execution } from './execution-store.ts';
import { executionArn, type Workflows } from './workflows.ts';

const INPUT_LIMIT = 256 * 1024;

/** An error as the service names it, with status 400 as all of this service's errors have. */
class ServiceError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

type Action = (body: unknown, workflows: Workflows, newId: () => string) => object;

const actions = new Map<string, Action>([
  ['StartExecution', startExecution],
  ['StopExecution', stopExecution],
  ['DescribeExecution', (body, workflows) => describeExecution(find(body, workflows))],
  ['ListExecutions', listExecutions],
  ['DescribeStateMachine', describeStateMachine],
]);

/** The five calls of Step Functions that are simulated, in its AWS JSON 1.0 protocol. */
export function sfnService(workflows: Workflows, newId: () => string): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': newId() };
    const name = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
    try {
      const action = actions.get(name);
      if (!action) throw new ServiceError('UnknownOperationException', `${name} is not simulated`);
      const answer = action(JSON.parse(request.body.toString('utf8') || '{}'), workflows, newId);
      return { status: 200, headers, body: JSON.stringify(answer) };
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof z.ZodError)) throw error;
      const type = error instanceof ServiceError ? error.type : 'ValidationException';
      return { status: 400, headers, body: JSON.stringify({ __type: type, message: error.message }) };
    }
  };
}

const StartExecution = z.object({
  stateMachineArn: z.string(),
  name: z
    .string()
    .regex(/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/)
    .optional(),
  input: z.string().default('{}'),
});

function startExecution(body: unknown, workflows: Workflows, newId: () => string): object {
  const { stateMachineArn, input, name = newId() } = StartExecution.parse(body);
  if (!workflows.stateMachines.some(({ arn }) => arn === stateMachineArn)) {
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }
  if (Buffer.byteLength(input) > INPUT_LIMIT)
    throw new ServiceError('InvalidExecutionInput', `Input is larger than ${INPUT_LIMIT} bytes`);
  if (!isJson(input))
    throw new ServiceError('InvalidExecutionInput', 'Invalid State Machine Execution Input: not JSON');
  const existing = workflows.executions.get(executionArn(stateMachineArn, name));
  if (existing && (existing.status !== 'RUNNING' || existing.input !== input)) {
    throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
  }
  const execution = existing ?? workflows.start(stateMachineArn, name, input);
  return { executionArn: execution.arn, startDate: execution.startDate / 1000 };
}

const StopExecution = z.object({ error: z.string().optional(), cause: z.string().optional() });

function stopExecution(body: unknown, workflows: Workflows): object {
  const { error, cause } = StopExecution.parse(body);
  const execution = find(body, workflows);
  const stopped = execution.status === 'RUNNING' ? workflows.stop(execution.arn, error, cause) : execution;
  return { stopDate: seconds(stopped.stopDate) };
}

function describeExecution(execution: Execution): object {
  const { arn, startDate, stopDate, input, output, ...rest } = execution;
  return {
    executionArn: arn,
    ...rest,
    startDate: seconds(startDate),
    stopDate: seconds(stopDate),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
  };
}

const ListExecutions = z.object({
  stateMachineArn: z.string(),
  statusFilter: z.string().optional(),
  maxResults: z.int().min(0).max(1000).default(100),
  nextToken: z.string().optional(),
});

function listExecutions(body: unknown, workflows: Workflows): object {
  const { stateMachineArn, statusFilter, maxResults, nextToken } = ListExecutions.parse(body);
  const all = workflows.executions
    .list(stateMachineArn)
    .filter(({ status }) => statusFilter === undefined || status === statusFilter);
  const from = nextToken === undefined ? 0 : all.findIndex(({ arn }) => arn === nextToken) + 1;
  const page = all.slice(from, from + (maxResults || 100));
  return {
    executions: page.map(({ arn, name, status, startDate, stopDate }) => ({
      executionArn: arn,
      stateMachineArn,
      name,
      status,
      startDate: seconds(startDate),
      stopDate: seconds(stopDate),
    })),
    nextToken: from + page.length < all.length ? page.at(-1)?.arn : undefined,
  };
}

function describeStateMachine(body: unknown, workflows: Workflows): object {
  const { stateMachineArn } = z.object({ stateMachineArn: z.string() }).parse(body);
  const model = workflows.stateMachines.find(({ arn }) => arn === stateMachineArn);
  if (!model) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  const { name, definition } = model;
  return {
    stateMachineArn,
    name,
    status: 'ACTIVE',
    type: 'STANDARD',
    definition,
    roleArn: 'arn:aws:iam::000000000000:role/local',
    creationDate: 0,
  };
}

function find(body: unknown, workflows: Workflows): Execution {
  const { executionArn } = z.object({ executionArn: z.string() }).parse(body);
  const execution = workflows.executions.get(executionArn);
  if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
  return execution;
}

function seconds(instant: number | undefined): number | undefined {
  return instant === undefined ? undefined : instant / 1000;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
