import { type Components, overallStatus } from '../../domain/status/component-health.ts';
import type { Heartbeat } from '../../domain/status/heartbeat.ts';
import type { SystemSections } from '../../domain/status/system-sections.ts';
import { uptimeText } from '../../domain/status/time-texts.ts';
import { jobsView } from './jobs-view.ts';
import { backboneView, consumersView, streamsView } from './messages-view.ts';
import { sandboxesView } from './sandboxes-view.ts';

export type SystemStatus = {
  readonly components: Components;
  readonly sections: Partial<SystemSections>;
  readonly version: string;
  readonly queueUrl: string;
  /** The sandbox that answers. */
  readonly own: Heartbeat;
  readonly now: number;
};

/**
 * The whole body, whether all is well or not: clients read a 503 as a status, too. What could not be collected is
 * undefined, which JSON leaves out.
 */
export function systemStatusView({ components, sections, version, queueUrl, own, now }: SystemStatus) {
  const { queues, redelivered, runs, feeds, tables, uploadBytes, beats } = sections;
  return {
    status: overallStatus(components),
    components,
    version,
    uptime: uptimeText(now - own.startedAt),
    nats: queues && backboneView(queueUrl),
    streams: queues && feeds && streamsView(queues, feeds),
    kv_buckets: tables,
    object_stores: uploadBytes === undefined ? undefined : [{ name: 'files', size: uploadBytes }],
    jobs: queues && runs && feeds && jobsView({ queues, runs, feeds }),
    consumers: queues && redelivered !== undefined ? consumersView(queues, redelivered) : undefined,
    ...sandboxesView(beats, own, now),
  };
}
