import type { RouteModel } from '../template/model.ts';

export type RouteMatch = { readonly route: RouteModel; readonly pathParameters: Readonly<Record<string, string>> };

/**
 * The route of a path and method, and its path parameters as they came: a REST API hands them on percent-encoded.
 * Undefined when no resource has the path, or the resource not the method; the gateway makes no difference.
 */
export function matchRoute(routes: readonly RouteModel[], method: string, path: string): RouteMatch | undefined {
  const segments = path.split('/').slice(1);
  if (segments.length > 1 && segments.at(-1) === '') segments.pop();
  const matches = routes.flatMap((route) => {
    const pathParameters =
      route.method === method || route.method === 'ANY' ? parametersOf(route.path, segments) : undefined;
    return pathParameters ? [{ route, pathParameters }] : [];
  });
  return matches.sort((a, b) => specificity(b.route) - specificity(a.route))[0];
}

function parametersOf(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = template.split('/').slice(1);
  const isGreedy = parts.at(-1)?.endsWith('+}') ?? false;
  if (isGreedy ? segments.length < parts.length : segments.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
    const value = part.endsWith('+}') ? segments.slice(index).join('/') : (segments[index] ?? '');
    if (name === undefined ? value !== part : value === '') return undefined;
    if (name !== undefined) parameters[name] = value;
  }
  return parameters;
}

/** Literal segments before parameters, parameters before the rest of the path, a method before any. */
function specificity({ path, method }: RouteModel): number {
  const parts = path.split('/').map((part) => (part.endsWith('+}') ? 1 : part.startsWith('{') ? 2 : 3));
  return Number(parts.join('').padEnd(16, '0')) + (method === 'ANY' ? 0 : 1);
}
