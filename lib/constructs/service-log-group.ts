import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** A log group that is there before its writer, so that nothing makes one without retention in its place. */
export class ServiceLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, props: { readonly name: string; readonly settings: Settings }) {
    super(scope, id, {
      logGroupName: props.name,
      retention: props.settings.logRetentionDays,
      // Logs go with their stack: they are no data (a run's own log is in its table), and a group that stayed
      // would bar its name from the stack that follows.
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
