/** The executions of the state machine that runs are carried by. */
export type ExecutionRef = { readonly wrapperId: string; readonly epoch: number; readonly handover: number };

export type Executions = {
  /** Starting the same one again changes nothing. Throws `RetryableError` when it can't be started now. */
  start(execution: ExecutionRef): Promise<void>;
  stop(execution: ExecutionRef): Promise<'stopped' | 'not-found' | 'denied' | 'failed'>;
  /** Eventually consistent: never the truth about a run, only a hint what became of its execution. */
  describe(execution: ExecutionRef): Promise<'running' | 'ended' | 'not-found'>;
};
