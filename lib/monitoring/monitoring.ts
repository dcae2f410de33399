import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { alarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { addDashboard } from './dashboard.ts';
import type { Monitored } from './monitored.ts';

/** What tells that something is wrong, and shows what. */
export class Monitoring extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, settings: Settings, monitored: Monitored) {
    super(scope, id);
    const topic = alarmTopic(this, settings);
    const alarms = new Alarms(this, 'Alarms', settings, monitored, new SnsAction(topic));
    addDashboard(this, settings, monitored, alarms);
    this.topicArn = topic.topicArn;
  }
}
