import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HeadgateApi } from './api/api.ts';
import { HeartbeatsTable } from './constructs/heartbeats-table.ts';
import type { LambdaCode } from './constructs/lambda-bundle.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import type { AdapterRegistry } from './polling/adapter-registry.ts';
import { Polling } from './polling/polling.ts';
import { machineNames, type ServiceContext } from './service-context.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';
import { Reconciler } from './wrapper/reconciler.ts';
import { runFunctions } from './wrapper/run-functions.ts';
import { RunStateMachine } from './wrapper/state-machine.ts';

type ServiceStackProps = {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly code: LambdaCode;
  readonly adapters: Pick<AdapterRegistry, 'leftOut'>;
};

/** What can be replaced: everything that runs. Deleting and deploying it again loses no data. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, { settings, state, code, adapters }: ServiceStackProps) {
    super(scope, `headgate-${settings.stage}-service`, {
      stackName: `headgate-${settings.stage}-service`,
      description: 'Headgate: what can be replaced (API, functions, state machine, queue, schedules)',
      terminationProtection: settings.keepData,
    });
    const heartbeats = new HeartbeatsTable(this, 'Heartbeats');
    const context: ServiceContext = { settings, code, state, heartbeats, machine: machineNames(this, settings) };
    const functions = runFunctions(this, context);
    const { machine } = new RunStateMachine(this, 'Runs', context, functions);
    const reconciler = new Reconciler(this, 'Reconciler', context, functions.reconcileRuns);
    const polling = new Polling(this, 'Polling', context);
    const { polls, missedTicks } = polling;
    const watched = { polls, dispatcher: polling.tick.schedule, reconciler: reconciler.tick.schedule };
    const { url, usagePlan, stage } = new HeadgateApi(this, 'Api', context, watched);
    if (settings.monitoring) {
      const missedReconciliations = reconciler.missed;
      const monitored = { api: stage, machine, polls, missedTicks, missedReconciliations };
      const { topicArn } = new Monitoring(this, 'Monitoring', settings, monitored);
      new CfnOutput(this, 'AlarmTopicArn', { value: topicArn, description: 'Where alarms are told' });
    }

    new CfnOutput(this, 'ApiUrl', { value: url, description: 'Base address of the API' });
    new CfnOutput(this, 'UsagePlanId', { value: usagePlan.usagePlanId, description: 'Where new API keys belong' });
    new CfnOutput(this, 'StateMachineArn', { value: machine.stateMachineArn, description: 'What carries the runs' });
    if (adapters.leftOut.length > 0) this.sayLeftOut(adapters.leftOut);
  }

  /** At synthesis, and wherever outputs are read: a feed that is missing for want of a key should not surprise. */
  private sayLeftOut(adapters: readonly string[]): void {
    const value = adapters.join(',');
    Annotations.of(this).addInfoV2(
      'headgate:adapters-left-out',
      `Left out for want of a key (setting adapterSecrets): ${value}`,
    );
    new CfnOutput(this, 'AdaptersLeftOut', { value, description: 'Feeds that are not polled for want of a key' });
  }
}
