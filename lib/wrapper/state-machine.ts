import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  DefinitionBody,
  Errors,
  Fail,
  JitterType,
  JsonPath,
  LogLevel,
  type RetryProps,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { HandoverResult, SliceOutcome } from '../../lambdas/contracts/payloads.ts';
import { dropDependsOn } from '../constructs/drop-depends-on.ts';
import type { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceLogGroup } from '../constructs/service-log-group.ts';
import type { ServiceContext } from '../service-context.ts';
import type { RunFunctions } from './run-functions.ts';
import { stateMachineRole } from './state-machine-role.ts';

/** Lambda's own troubles and what a function calls `RetryableError`: they pass, so there is time for them to. */
const passing: RetryProps = {
  errors: [
    'RetryableError',
    'Lambda.TooManyRequestsException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  interval: Duration.seconds(1),
  backoffRate: 2,
  maxAttempts: 6, // 1 + 2 + 4 + 8 + 16 + 30 s at most: a minute, and then the crash is recorded
  maxDelay: Duration.seconds(30),
  jitterStrategy: JitterType.FULL,
};

/** A function that died or ran out of time. Repeating it is safe: the new attempt fences the old one off. */
const crashed: RetryProps = {
  errors: [
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'Runtime.OutOfMemory',
    'Runtime.Unknown',
    Errors.TIMEOUT,
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 3, // what crashes four times in a row crashes for a reason that waiting does not mend
  maxDelay: Duration.seconds(30),
  jitterStrategy: JitterType.FULL,
};

/**
 * One execution of a run: slice after slice, until one says otherwise. A slice's outcome decides:
 *
 * | outcome    | leads to                                                               | execution ends |
 * |------------|------------------------------------------------------------------------|----------------|
 * | `more`     | the next slice                                                         |                |
 * | `wait`     | the next slice at `wait_until`                                         |                |
 * | `handover` | a fresh execution of the same run, before this one's history is full   | SUCCEEDED; as after `fenced`, where a stop came first |
 * | `finished` |                                                                        | SUCCEEDED      |
 * | `failed`   | nothing: the slice has recorded why                                    | FAILED         |
 * | `fenced`   | a pause: the run is no longer this execution's                         | SUCCEEDED, or ABORTED by the stop that fenced it |
 * | no word    | `recordCrash`, after the retries                                       | FAILED         |
 *
 * Standard, because an Express execution can't be stopped. Only ids and counters travel (`contracts/payloads.ts`).
 */
export class RunStateMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, context: ServiceContext, functions: RunFunctions) {
    super(scope, id);
    const { settings, machine } = context;
    const logGroup = new ServiceLogGroup(this, 'Logs', {
      // This prefix keeps the account's one log resource policy from growing past its 5,120 characters.
      name: `/aws/vendedlogs/states/${machine.name}`,
      settings,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: machine.name,
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Runs a wrapper, slice by slice',
      definitionBody: DefinitionBody.fromChainable(this.definition(functions)),
      role: stateMachineRole(this, functions),
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    dropDependsOn(this.machine);
  }

  private definition(functions: RunFunctions) {
    const recordCrash = this.task('RecordCrash', functions.recordCrash, {
      // The error's name and no more: its message may quote data.
      payload: TaskInput.fromObject({
        wrapper_id: JsonPath.stringAt('$.wrapper_id'),
        epoch: JsonPath.numberAt('$.epoch'),
        handover: JsonPath.numberAt('$.handover'),
        slices: JsonPath.numberAt('$.slices'),
        error: { Error: JsonPath.stringAt('$.error.Error') },
      }),
      resultPath: JsonPath.DISCARD,
    }).next(new Fail(this, 'Crashed', { error: 'Crashed', cause: 'A slice ended without an outcome' }));
    const runSlice = this.task('RunSlice', functions.runSlice);
    const handOver = this.task('HandOver', functions.handOverRun);
    for (const task of [runSlice, handOver]) {
      task.addCatch(recordCrash, { errors: [Errors.ALL], resultPath: '$.error' });
    }
    const done = new Succeed(this, 'Done');
    const failed = new Fail(this, 'RunFailed', { error: 'RunFailed', cause: 'The run recorded why' });
    const fenced = this.fencedPause();
    fenced.next(done);
    const unknown = new Fail(this, 'UnknownOutcome', {
      error: 'UnknownOutcome',
      cause: 'A slice gave no known outcome',
    });
    return runSlice.next(
      new Choice(this, 'Outcome')
        .when(outcomeIs('more'), runSlice)
        .when(outcomeIs('wait'), this.waitUntil().next(runSlice))
        .when(
          outcomeIs('handover'),
          handOver.next(new Choice(this, 'HandedOver').when(outcomeIs('handed-over'), done).otherwise(fenced)),
        )
        .when(outcomeIs('finished'), done)
        .when(outcomeIs('failed'), failed)
        .when(outcomeIs('fenced'), fenced)
        .otherwise(unknown),
    );
  }

  private waitUntil(): Wait {
    return new Wait(this, 'WaitUntil', { time: WaitTime.timestampPath('$.wait_until') });
  }

  /**
   * A stop fences its run first and aborts the execution a moment later. An execution that had ended by itself in
   * between could no longer be ABORTED, which is what the stop promises.
   */
  private fencedPause(): Wait {
    return new Wait(this, 'Fenced', { time: WaitTime.duration(Duration.seconds(30)) });
  }

  private task(id: string, fn: ServiceFunction, options: { payload?: TaskInput; resultPath?: string } = {}) {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: fn.function,
      payloadResponseOnly: true,
      // Which errors are worth repeating is listed above, not left to a default.
      retryOnServiceExceptions: false,
      // Later than the function's own time-out, whose error says more.
      taskTimeout: Timeout.duration(Duration.seconds(fn.timeoutSeconds + 10)),
      ...options,
    });
    return task.addRetry(passing).addRetry(crashed);
  }
}

function outcomeIs(outcome: SliceOutcome | HandoverResult['outcome']): Condition {
  return Condition.stringEquals('$.outcome', outcome);
}
