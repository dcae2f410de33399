import type { HeartbeatType } from '../domain/status/heartbeat.ts';
import type { FunctionName } from './environments.ts';

/** They carry runs and polls; all others answer requests. */
const agents: readonly FunctionName[] = [
  'runSlice',
  'handOverRun',
  'recordCrash',
  'reconcileRuns',
  'dispatchPolls',
  'pollFeeds',
];

/** Their contract is to write nothing: a look at health changes nothing. */
const silent: readonly FunctionName[] = [
  'getWrapperHealth',
  'getWrapperMonitoring',
  'getFeedHealth',
  'getAdapterHealth',
  'getSystemHealth',
  'getReadiness',
];

/** As what a function shows that it lives; undefined: it does not. */
export function registryTypeOf(name: FunctionName): HeartbeatType | undefined {
  if (silent.includes(name)) return undefined;
  return agents.includes(name) ? 'agent' : 'api';
}
