import type { SystemSections } from '../../domain/status/system-sections.ts';
import { messagesIn } from './messages-view.ts';

/** Runs and polls together. Those that were stopped count in the total alone, dead letters apart. */
export function jobsView({ queues, runs, feeds }: Pick<SystemSections, 'queues' | 'runs' | 'feeds'>) {
  const { polls, deadLetters } = queues;
  const counts = {
    unprocessed: polls.waiting,
    processing: runs.unfinished + polls.inFlight,
    completed: runs.completed + feeds.completedPolls,
    failed: runs.failed + feeds.failedPolls,
  };
  const total = Object.values(counts).reduce((sum, count) => sum + count, runs.stopped);
  return { total, ...counts, dlq: messagesIn(deadLetters) };
}
