/** `disabled`: it is not meant to run here, which is not unhealthy. */
export type ComponentHealth =
  | { readonly status: 'ok' | 'disabled' }
  | { readonly status: 'error'; readonly error: string };

/** By name, such as `api.store`. */
export type Components = Readonly<Record<string, ComponentHealth>>;

export type OverallStatus = 'ok' | 'degraded';

/** One component in error is enough. */
export function overallStatus(components: Components): OverallStatus {
  return failuresOf(components).length === 0 ? 'ok' : 'degraded';
}

/** All that fail, and why: `api.store: timed out after 1 s`. */
export function failuresOf(components: Components): readonly string[] {
  return Object.entries(components).flatMap(([name, health]) =>
    health.status === 'error' ? [`${name}: ${health.error}`] : [],
  );
}
