/** An error with the name that Retry and Catch match on; the workflow engine hands `message` on as the Cause. */
export class TaskError extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** An error that neither Retry nor Catch sees, whatever they match: it ends the execution. */
export class TerminalError extends TaskError {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** The execution was stopped: nothing may be invoked any more, though the workflow engine would go on retrying. */
export function executionOver(): TerminalError {
  return new TerminalError('ExecutionOver', 'The execution is over');
}
