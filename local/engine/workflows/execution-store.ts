import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One execution; instants in epoch milliseconds, input and output as the JSON text they were given. */
export type Execution = {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
};

export type ExecutionStore = {
  get(arn: string): Execution | undefined;
  /** Durable against the end of this process when it returns. */
  put(execution: Execution): void;
  /** Newest first. */
  list(stateMachineArn?: string): Execution[];
};

/** Closed executions are kept, and their names taken, for 90 days, as long as Step Functions does. */
const KEPT_MS = 90 * 86_400_000;

/**
 * Executions in a file to which every change is appended, the last one of an execution winning. A line cut off by a
 * crash is one that was not yet answered for, and is dropped. Each opening writes the file anew without what is past.
 */
export function openExecutionStore(directory: string, now: () => number): ExecutionStore {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'executions.jsonl');
  const executions = readAll(file, now() - KEPT_MS);
  writeFileSync(`${file}.new`, [...executions.values()].map((execution) => `${JSON.stringify(execution)}\n`).join(''));
  renameSync(`${file}.new`, file);
  return {
    get: (arn) => executions.get(arn),
    put: (execution) => {
      appendFileSync(file, `${JSON.stringify(execution)}\n`);
      executions.set(execution.arn, execution);
    },
    list: (stateMachineArn) =>
      [...executions.values()]
        .filter((execution) => stateMachineArn === undefined || execution.stateMachineArn === stateMachineArn)
        .sort((a, b) => b.startDate - a.startDate),
  };
}

function readAll(file: string, oldest: number): Map<string, Execution> {
  const executions = new Map<string, Execution>();
  if (!existsSync(file)) return executions;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const execution = parse(line);
    if (execution) executions.set(execution.arn, execution);
  }
  for (const { arn, stopDate } of executions.values())
    if (stopDate !== undefined && stopDate < oldest) executions.delete(arn);
  return executions;
}

function parse(line: string): Execution | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
