import type { RouteFunctionName } from '../../lambdas/contracts/scopes.ts';

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** What a key must allow for it is in `lambdas/contracts/scopes.ts`, where handlers check it. */
  readonly function: RouteFunctionName;
};

const wrappers = '/resources/wrappers';
const wrapper = `${wrappers}/{wrapper_id}`;

/** The route table: what is not in here is answered with 404. */
export const routes: readonly Route[] = [
  { method: 'POST', path: wrappers, function: 'createWrapper' },
  { method: 'GET', path: wrappers, function: 'listWrappers' },
  { method: 'POST', path: `${wrappers}/files`, function: 'createUpload' },
  { method: 'POST', path: `${wrappers}/infer`, function: 'inferWrapper' },
  { method: 'POST', path: `${wrappers}/preview`, function: 'previewDefinition' },
  { method: 'GET', path: wrapper, function: 'getWrapper' },
  { method: 'PUT', path: wrapper, function: 'updateWrapper' },
  { method: 'DELETE', path: wrapper, function: 'deleteWrapper' },
  { method: 'POST', path: `${wrapper}/preview`, function: 'previewWrapper' },
  { method: 'POST', path: `${wrapper}/execute`, function: 'executeWrapper' },
  { method: 'POST', path: `${wrapper}/stop`, function: 'stopWrapper' },
  { method: 'GET', path: `${wrapper}/health`, function: 'getWrapperHealth' },
  { method: 'GET', path: `${wrapper}/monitoring`, function: 'getWrapperMonitoring' },
  { method: 'GET', path: `${wrapper}/executions`, function: 'listExecutions' },
  { method: 'GET', path: `${wrapper}/executions/{execution_id}`, function: 'getExecution' },
  {
    method: 'GET',
    path: `${wrapper}/executions/{execution_id}/quarantine`,
    function: 'listQuarantine',
  },
  {
    method: 'POST',
    path: `${wrapper}/executions/{execution_id}/redrive`,
    function: 'redriveQuarantine',
  },
  { method: 'GET', path: `${wrapper}/logs`, function: 'listLogs' },
  { method: 'GET', path: `${wrapper}/checkpoint`, function: 'getCheckpoint' },
  { method: 'PUT', path: `${wrapper}/checkpoint`, function: 'setCheckpoint' },
  { method: 'DELETE', path: `${wrapper}/checkpoint`, function: 'deleteCheckpoint' },
  { method: 'GET', path: `${wrapper}/checkpoints`, function: 'listCheckpoints' },
  { method: 'GET', path: '/v1/health', function: 'getFeedHealth' },
  { method: 'GET', path: '/v1/health/{adapterId}', function: 'getAdapterHealth' },
  { method: 'GET', path: '/v1/records', function: 'listRecords' },
  { method: 'POST', path: '/api/keys', function: 'createKey' },
  { method: 'GET', path: '/api/keys', function: 'listKeys' },
  { method: 'DELETE', path: '/api/keys/{key_id}', function: 'revokeKey' },
  { method: 'POST', path: '/api/keys/{key_id}/rotate', function: 'rotateKey' },
  { method: 'GET', path: '/api/health', function: 'getSystemHealth' },
  { method: 'GET', path: '/api/health/ready', function: 'getReadiness' },
  { method: 'GET', path: '/api/health/status', function: 'getSystemStatus' },
];
