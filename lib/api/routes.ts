import type { FunctionName } from '../../lambdas/contracts/environments.ts';
import type { Scope } from '../../lambdas/contracts/scopes.ts';

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly function: FunctionName;
  /** What the caller's key must allow; the handler checks it, so that a refusal has its family's shape. */
  readonly scope: Scope;
};

const wrappers = '/resources/wrappers';
const wrapper = `${wrappers}/{wrapper_id}`;

/** The route table: what is not in here is answered with 404. */
export const routes = [
  { method: 'POST', path: wrappers, function: 'createWrapper', scope: 'wrappers:write' },
  { method: 'GET', path: wrappers, function: 'listWrappers', scope: 'wrappers:read' },
  { method: 'POST', path: `${wrappers}/files`, function: 'createUpload', scope: 'wrappers:write' },
  { method: 'GET', path: wrapper, function: 'getWrapper', scope: 'wrappers:read' },
  { method: 'PUT', path: wrapper, function: 'updateWrapper', scope: 'wrappers:write' },
  { method: 'DELETE', path: wrapper, function: 'deleteWrapper', scope: 'wrappers:write' },
  { method: 'POST', path: `${wrapper}/execute`, function: 'executeWrapper', scope: 'wrappers:execute' },
  { method: 'POST', path: `${wrapper}/stop`, function: 'stopWrapper', scope: 'wrappers:execute' },
  { method: 'GET', path: `${wrapper}/health`, function: 'getWrapperHealth', scope: 'wrappers:read' },
  { method: 'GET', path: `${wrapper}/monitoring`, function: 'getWrapperMonitoring', scope: 'wrappers:read' },
  { method: 'GET', path: `${wrapper}/executions`, function: 'listExecutions', scope: 'wrappers:read' },
  { method: 'GET', path: `${wrapper}/executions/{execution_id}`, function: 'getExecution', scope: 'wrappers:read' },
  {
    method: 'GET',
    path: `${wrapper}/executions/{execution_id}/quarantine`,
    function: 'listQuarantine',
    scope: 'wrappers:read',
  },
  { method: 'GET', path: `${wrapper}/logs`, function: 'listLogs', scope: 'wrappers:read' },
  { method: 'GET', path: `${wrapper}/checkpoint`, function: 'getCheckpoint', scope: 'wrappers:read' },
  { method: 'PUT', path: `${wrapper}/checkpoint`, function: 'setCheckpoint', scope: 'wrappers:write' },
  { method: 'DELETE', path: `${wrapper}/checkpoint`, function: 'deleteCheckpoint', scope: 'wrappers:write' },
  { method: 'GET', path: `${wrapper}/checkpoints`, function: 'listCheckpoints', scope: 'wrappers:read' },
] as const satisfies readonly Route[];

/** Functions that answer a route. */
export type RouteFunctionName = (typeof routes)[number]['function'];
