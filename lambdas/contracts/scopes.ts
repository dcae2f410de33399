import type { FunctionName } from './environments.ts';

/** What a key may do (docs/api.md, "Access"). */
export const scopes = [
  'wrappers:read',
  'wrappers:write',
  'wrappers:execute',
  'feeds:read',
  'health:read',
  'keys:write',
] as const;

export type Scope = (typeof scopes)[number];

/** What each route asks of the key, null: nothing; checked in its handler, so that a refusal has its family's shape. */
export const requiredScopes = {
  createWrapper: 'wrappers:write',
  listWrappers: 'wrappers:read',
  createUpload: 'wrappers:write',
  getWrapper: 'wrappers:read',
  updateWrapper: 'wrappers:write',
  deleteWrapper: 'wrappers:write',
  inferWrapper: 'wrappers:write',
  previewDefinition: 'wrappers:write',
  previewWrapper: 'wrappers:execute',
  executeWrapper: 'wrappers:execute',
  stopWrapper: 'wrappers:execute',
  getWrapperHealth: 'wrappers:read',
  getWrapperMonitoring: 'wrappers:read',
  listExecutions: 'wrappers:read',
  getExecution: 'wrappers:read',
  listQuarantine: 'wrappers:read',
  redriveQuarantine: 'wrappers:execute',
  listLogs: 'wrappers:read',
  getCheckpoint: 'wrappers:read',
  listCheckpoints: 'wrappers:read',
  setCheckpoint: 'wrappers:write',
  deleteCheckpoint: 'wrappers:write',
  getFeedHealth: 'feeds:read',
  getAdapterHealth: 'feeds:read',
  listRecords: 'feeds:read',
  createKey: 'keys:write',
  listKeys: 'keys:write',
  revokeKey: 'keys:write',
  rotateKey: 'keys:write',
  getSystemHealth: null,
  getReadiness: null,
  getSystemStatus: 'health:read',
} as const satisfies Partial<Record<FunctionName, Scope | null>>;

/** Functions that answer a route. */
export type RouteFunctionName = keyof typeof requiredScopes;
