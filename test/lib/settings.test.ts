import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readSettings, SettingsError } from '../../lib/settings.ts';

const settingsOf = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe('stages', () => {
  test('dev is what is deployed when nothing is said', () => {
    expect(settingsOf({})).toMatchObject({ stage: 'dev', keepData: false, leaseSeconds: 60, sendSeconds: 15 });
  });

  test('prod keeps its data', () => {
    expect(settingsOf({ stage: 'prod' }).keepData).toBe(true);
  });

  test.each(['dev', 'prod'])('%s exempts no address and no place to write to', (stage) => {
    const none = { allowedHosts: [], readBuckets: [], writeBuckets: [], writeQueues: [], writeBuses: [] };
    expect(settingsOf({ stage })).toMatchObject(none);
  });

  test('local lets wrappers reach the machine it runs on', () => {
    expect(settingsOf({ stage: 'local' }).allowedHosts).toEqual(['127.0.0.1', 'localhost', '[::1]']);
  });

  test.each([
    ['dev', ''],
    ['local', 'http://replay.localhost'],
  ])('%s reads feeds at %j', (stage, feedsMirror) => {
    expect(settingsOf({ stage }).feedsMirror).toBe(feedsMirror);
  });

  test.each(['production', '', 'constructor'])('an unknown stage %p is refused by name', (stage) => {
    expect(() => settingsOf({ stage })).toThrow(`Unknown stage "${stage}": must be one of dev, prod, local`);
  });
});

describe('context replaces a setting', () => {
  test('as text, the way the command line gives it', () => {
    const context = { leaseSeconds: '3', allowedPorts: '443,444', readBuckets: 'landing,archive', keepData: 'true' };
    expect(settingsOf(context)).toMatchObject({
      leaseSeconds: 3,
      allowedPorts: [443, 444],
      readBuckets: ['landing', 'archive'],
      keepData: true,
    });
  });

  test('as JSON, the way cdk.json gives it', () => {
    expect(settingsOf({ handoverAfter: 2, allowedHosts: ['intranet:8443'] })).toMatchObject({
      handoverAfter: 2,
      allowedHosts: ['intranet:8443'],
    });
  });

  test('empty text empties a list', () => {
    expect(settingsOf({ stage: 'local', allowedHosts: '' }).allowedHosts).toEqual([]);
  });

  test('empty text is where feeds really are', () => {
    expect(settingsOf({ stage: 'local', feedsMirror: '' }).feedsMirror).toBe('');
  });

  test("the CDK's own context is none of its business", () => {
    expect(() => settingsOf({ '@aws-cdk/core:checkSecretUsage': true, 'aws:cdk:toolkit': '1' })).not.toThrow();
  });
});

describe('a mistake never deploys', () => {
  test.each([
    ['leaseSecond', { leaseSecond: 3 }],
    ['leaseSeconds', { leaseSeconds: 'soon' }],
    ['leaseSeconds', { leaseSeconds: 0 }],
    ['allowedPorts', { allowedPorts: '443,https' }],
    ['allowedPorts', { allowedPorts: '65536' }],
    ['executeWaitSeconds', { executeWaitSeconds: 29 }],
    ['sliceSeconds', { sliceSeconds: 901 }],
    ['handoverAfter', { handoverAfter: 1.5 }],
    ['logRetentionDays', { logRetentionDays: 8 }],
    ['logLevel', { logLevel: 'verbose' }],
    ['readBuckets', { readBuckets: 's3://landing' }],
    ['writeQueues', { writeQueues: 'points' }],
    ['writeQueues', { writeQueues: 'https://sqs.eu-west-1.example.com/123456789012/points' }],
    ['writeBuses', { writeBuses: 'arn:aws:events:eu-west-1:123456789012:event-bus/points' }],
    ['adapters', { adapters: '' }],
    ['adapterSecrets', { adapterSecrets: 'wsdot' }],
    ['adapterSecrets', { adapterSecrets: 'wa-mountain-passes=' }],
    ['feedsMirror', { feedsMirror: 'replay' }],
    ['feedsMirror', { feedsMirror: 'file:///replay' }],
    ['pollConcurrency', { pollConcurrency: 1 }],
    ['pollConcurrency', { pollConcurrency: 1001 }],
    ['anonymousRequestsPerSecond', { anonymousRequestsPerSecond: 0 }],
    ['anonymousBurst', { anonymousBurst: 'all' }],
    ['wafRequestsPer5Minutes', { wafRequestsPer5Minutes: 9 }],
    ['wafRequestsPer5Minutes', { wafRequestsPer5Minutes: -10 }],
    ['wafRequestsPer5Minutes', { wafRequestsPer5Minutes: 'few' }],
    ['keepData', { keepData: 'perhaps' }],
  ])('%s in %j', (name, context) => {
    expect(() => settingsOf(context)).toThrow(SettingsError);
    expect(() => settingsOf(context)).toThrow(new RegExp(`^Settings of stage "dev": .*"${name}".*$`));
  });

  test('the longest send and margin still fit into the 25 s that a stop may take', () => {
    const { sendSeconds, marginSeconds } = settingsOf({ sendSeconds: 15, marginSeconds: 5 });
    expect(sendSeconds + marginSeconds).toBeLessThan(25);
    expect(() => settingsOf({ sendSeconds: 16, marginSeconds: 6 })).toThrow(/sendSeconds.*marginSeconds/s);
  });

  test('a slice has time for a batch, or its run would never get on', () => {
    expect(settingsOf({ sliceSeconds: 9, sendSeconds: 3 }).sliceSeconds).toBe(9);
    expect(() => settingsOf({ sliceSeconds: 8, sendSeconds: 3 })).toThrow(/"sliceSeconds".*sendSeconds/);
  });

  test('every mistake is named at once', () => {
    expect(() => settingsOf({ leaseSeconds: 'soon', logLevel: 'verbose' })).toThrow(/leaseSeconds.*logLevel/s);
  });
});
