import type { RuleModel } from '../template/model.ts';
import type { Execution } from '../workflows/execution-store.ts';
import type { AsyncInvoke } from './async-invoke.ts';
import { matchesPattern } from './event-pattern.ts';

/** An EventBridge event, version 0; `time` is ISO 8601 in whole seconds. */
export type BusEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
};

/** Hands an event to every target of every rule that matches it. */
export function publish(event: BusEvent, rules: readonly RuleModel[], invoke: AsyncInvoke): void {
  for (const { pattern, targets } of rules) {
    if (!matchesPattern(pattern, event)) continue;
    for (const { functionArn, input } of targets) invoke(functionArn, input ?? event);
  }
}

/** The event that Step Functions sends when an execution's status changes; its instants are in epoch milliseconds. */
export function executionStatusEvent(execution: Execution, id: string, now: number): BusEvent {
  const { arn, stateMachineArn, name, status, startDate, stopDate, input, output, error, cause } = execution;
  const [, , , region = '', account = ''] = arn.split(':');
  return {
    version: '0',
    id,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: wholeSeconds(now),
    region,
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn,
      name,
      status,
      startDate,
      stopDate: stopDate ?? null,
      input,
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
    },
  };
}

/** The event of a schedule that has no input of its own. */
export function scheduledEvent(scheduleArn: string, id: string, now: number): BusEvent {
  const [, , , region = '', account = ''] = scheduleArn.split(':');
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: scheduleArn.startsWith('arn:aws:scheduler:') ? 'aws.scheduler' : 'aws.events',
    account,
    time: wholeSeconds(now),
    region,
    resources: [scheduleArn],
    detail: {},
  };
}

function wholeSeconds(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
}
