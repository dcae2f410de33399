import { type Components, overallStatus } from '../../domain/status/component-health.ts';
import { uptimeText } from '../../domain/status/time-texts.ts';

type SystemStatus = {
  readonly components: Components;
  readonly version: string;
  /** Of the function's instance that answers. */
  readonly uptimeMs: number;
};

/** The whole body, whether all is well or not: clients read a 503 as a status, too. */
export function systemStatusView({ components, version, uptimeMs }: SystemStatus) {
  return { status: overallStatus(components), components, version, uptime: uptimeText(uptimeMs) };
}
