import { type Components, failuresOf } from '../../domain/status/component-health.ts';

/** Ready while nothing fails; if not, all that fail, one to a line. */
export function readinessView(components: Components) {
  const failures = failuresOf(components);
  return failures.length === 0
    ? ({ status: 'ready' } as const)
    : ({ status: 'not_ready', error: failures.join('\n') } as const);
}
