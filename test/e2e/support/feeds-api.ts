import type { adapterHealthView } from '../../../lambdas/platform/views/adapter-health-view.ts';
import type { feedHealthView } from '../../../lambdas/platform/views/feed-health-view.ts';
import type { feedsMeta } from '../../../lambdas/platform/views/feeds-meta.ts';
import type { recordSourcesView } from '../../../lambdas/platform/views/record-sources-view.ts';
import type { recordView } from '../../../lambdas/platform/views/record-view.ts';
import { eventually } from './eventually.ts';
import type { FeedsStack } from './feeds-stack.ts';

/** With a value in each field: a test that reckons with one that is null fails by itself. */
type Whole<Body> = { readonly [Name in keyof Body]: Whole<NonNullable<Body[Name]>> };

type HealthBody = Whole<ReturnType<typeof adapterHealthView>>;

/** The fields of all answers, as docs/api.md has them. Which of them an answer has depends on its route. */
type FeedsAnswer = {
  /** A feed's health, that of all feeds, or records. */
  readonly data: HealthBody & Whole<ReturnType<typeof feedHealthView>> & readonly ReturnType<typeof recordView>[];
  readonly _meta: ReturnType<typeof feedsMeta> &
    ReturnType<typeof recordSourcesView> & {
      readonly pagination: { readonly limit: number; readonly next_cursor: string | null };
    };
  readonly error: { readonly code: string; readonly message: string };
};

type Reply = {
  readonly status: number;
  /** Its `Cache-Control`. */
  readonly cache: string | null;
  readonly body: FeedsAnswer;
};

/** A client of the feeds' routes, and the dispatcher's hand in their polls. */
export type FeedsApi = {
  /** With the stack's key, or these headers instead. */
  ask(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Reply>;
  healthOf(adapterId: string): Promise<HealthBody>;
  /** When a poll could be due: a second after the one before, and in the past, as if the queue had taken its time. */
  nextDue(adapterId: string): number;
  /** Sends a poll as the dispatcher does, with what is known of the feed. */
  send(adapterId: string, due: number): Promise<void>;
  /** The feed's health, once it is that of the poll that was due then. */
  shownFrom(adapterId: string, due: number): Promise<HealthBody>;
  /** Has a feed polled, and answers its health after it. */
  poll(adapterId: string): Promise<HealthBody>;
  /** Once no poll is under way. */
  drained(): Promise<unknown>;
};

export function feedsApi(stack: FeedsStack): FeedsApi {
  const { apiUrl, key, store } = stack;
  const firstDue = Math.floor(Date.now() / 1000) * 1000;
  const dues = new Map<string, number>();

  const api: FeedsApi = {
    async ask(path, headers = { 'x-api-key': key }, method = 'GET') {
      const answer = await fetch(`${apiUrl}${path}`, { headers, method });
      return {
        status: answer.status,
        cache: answer.headers.get('cache-control'),
        body: JSON.parse(await answer.text()),
      };
    },

    async healthOf(adapterId) {
      const { status, body } = await api.ask(`/v1/health/${adapterId}`);
      if (status !== 200) throw new Error(`health of ${adapterId} answered ${status}: ${JSON.stringify(body)}`);
      return body.data;
    },

    nextDue(adapterId) {
      const due = dues.get(adapterId) ?? firstDue;
      dues.set(adapterId, due + 1000);
      return due;
    },

    async send(adapterId, due) {
      await stack.send(JSON.stringify({ adapter_id: adapterId, due, health: await store.healths.get(adapterId) }));
    },

    shownFrom: (adapterId, due) =>
      eventually(
        () => api.healthOf(adapterId),
        ({ processor }) => processor.last_job_enqueued_at === new Date(due).toISOString(),
      ),

    async poll(adapterId) {
      const due = api.nextDue(adapterId);
      await api.send(adapterId, due);
      return api.shownFrom(adapterId, due);
    },

    drained: () => eventually(stack.queued, (count) => count === 0),
  };
  return api;
}
