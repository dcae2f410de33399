import * as z from 'zod';
import { type HttpRequest, type HttpResponse, type HttpService, startHttpService } from '../http-service.ts';
import type { UsagePlanModel } from '../template/model.ts';
import type { ApiKey, KeyStore } from './key-store.ts';

type Deps = {
  readonly keys: KeyStore;
  readonly plans: readonly UsagePlanModel[];
  readonly now: () => number;
  readonly newId: () => string;
};
type Answer = { readonly status: number; readonly body?: object };
type Route = readonly [
  method: string,
  path: RegExp,
  answer: (request: HttpRequest, deps: Deps, ids: string[]) => Answer,
];

class ServiceError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

const routes: readonly Route[] = [
  ['POST', /^\/apikeys$/, createKey],
  ['GET', /^\/apikeys$/, listKeys],
  ['DELETE', /^\/apikeys\/([^/]+)$/, deleteKey],
  ['GET', /^\/usageplans$/, listPlans],
  ['POST', /^\/usageplans\/([^/]+)\/keys$/, createPlanKey],
];

/** API Gateway's own API, as far as keys are concerned. Changes are effective at once. */
export function startControlPlane(deps: Deps): Promise<HttpService> {
  return startHttpService(0, async (request) => {
    try {
      const path = new URL(request.target, 'http://local').pathname;
      for (const [method, pattern, answer] of routes) {
        const ids = request.method === method ? pattern.exec(path) : null;
        if (ids) return json(answer(request, deps, ids.slice(1).map(decodeURIComponent)));
      }
      throw new ServiceError(404, 'NotFoundException', `${request.method} ${path} is not simulated`);
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof z.ZodError)) throw error;
      const known =
        error instanceof ServiceError ? error : new ServiceError(400, 'BadRequestException', z.prettifyError(error));
      return json({ status: known.status, body: { message: known.message } }, { 'x-amzn-errortype': known.type });
    }
  });
}

const CreateKey = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  enabled: z.boolean().default(false),
  value: z.string().min(20).max(128).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

function createKey(request: HttpRequest, { keys, now, newId }: Deps): Answer {
  const { name, description, enabled, value = newId(), tags } = CreateKey.parse(JSON.parse(request.body.toString()));
  if (keys.list().some((key) => key.value === value))
    throw new ServiceError(409, 'ConflictException', 'API Key already exists');
  const id = newId();
  const createdDate = Math.floor(now() / 1000);
  const key: ApiKey = { id, value, name: name ?? id, description, enabled, tags, createdDate, usagePlanIds: [] };
  keys.put(key);
  return { status: 201, body: shown(key, true) };
}

function listKeys(request: HttpRequest, { keys }: Deps): Answer {
  const query = new URL(request.target, 'http://local').searchParams;
  const prefix = query.get('name') ?? '';
  const matching = keys.list().filter(({ name }) => name.startsWith(prefix));
  const from = matching.findIndex(({ id }) => id === query.get('position')) + 1;
  const page = matching.slice(from, from + Number(query.get('limit') ?? 25));
  const position = from + page.length < matching.length ? page.at(-1)?.id : undefined;
  return {
    status: 200,
    body: { item: page.map((key) => shown(key, query.get('includeValues') === 'true')), position },
  };
}

function deleteKey(_: HttpRequest, { keys }: Deps, [id]: string[]): Answer {
  keys.remove(find(keys, id).id);
  return { status: 202 };
}

function listPlans(_: HttpRequest, { plans }: Deps): Answer {
  return { status: 200, body: { item: plans.map(({ id, name }) => ({ id, name })) } };
}

const CreatePlanKey = z.object({ keyId: z.string(), keyType: z.literal('API_KEY') });

function createPlanKey(request: HttpRequest, { keys, plans }: Deps, [planId]: string[]): Answer {
  const { keyId } = CreatePlanKey.parse(JSON.parse(request.body.toString()));
  const plan = plans.find(({ id }) => id === planId);
  if (!plan) throw new ServiceError(404, 'NotFoundException', 'Invalid Usage Plan ID specified');
  const key = find(keys, keyId);
  if (key.usagePlanIds.includes(plan.id))
    throw new ServiceError(409, 'ConflictException', 'Usage plan already has this key');
  keys.put({ ...key, usagePlanIds: [...key.usagePlanIds, plan.id] });
  return { status: 201, body: { id: key.id, type: 'API_KEY', value: key.value, name: key.name } };
}

function find(keys: KeyStore, id: string | undefined): ApiKey {
  const key = keys.list().find((candidate) => candidate.id === id);
  if (!key) throw new ServiceError(404, 'NotFoundException', 'Invalid API Key identifier specified');
  return key;
}

function shown({ usagePlanIds: _, value, ...key }: ApiKey, withValue: boolean): object {
  return { ...key, lastUpdatedDate: key.createdDate, stageKeys: [], ...(withValue ? { value } : {}) };
}

function json({ status, body }: Answer, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: body ? JSON.stringify(body) : '',
  };
}
