import { buildAssembly } from '../../../local/build-assembly.ts';
import { loadModel } from '../../../local/engine/template/load-model.ts';
import type { Model, QueueModel } from '../../../local/engine/template/model.ts';
import { readingFrom } from '../../../local/replay/feeds-mirror.ts';
import { queueOf, tableOf } from '../../../local/stack.ts';
import { startAccountServices } from '../../../local/storage/start-account-services.ts';
import { startStorage } from '../../../local/storage/start-storage.ts';
import { scriptedFeeds } from './scripted-feeds.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const log = () => undefined;

/** Of all these stacks: each other set of settings is another build. */
const feedsSettings = {
  adapters: 'test/support/feeds/test-registry.ts',
  // A burst that one test outruns, and no other does.
  anonymousRequestsPerSecond: '1',
  anonymousBurst: '20',
};

/** What a stack stands on that polls the feeds of tests, its engine left out; `adjust` changes what was deployed. */
export async function startFeedsServices(adjust: (model: Model) => Model) {
  const dataDir = temporaryFolder();
  const opened: { close(): unknown }[] = [];
  /** Closed with the rest, the last one first. */
  const keep = <Part extends { close(): unknown }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const upstream = keep(await scriptedFeeds());
  const model = adjust(readingFrom(upstream.url, loadModel(await buildAssembly(feedsSettings, log))));
  const tables = model.tables.map(tableOf);
  const buckets = model.buckets.map(({ name }) => name);
  const storage = keep(await startStorage({ dataDir, tables, buckets, credentials, log }));
  const queues = model.queues.map(queueOf);
  const account = keep(await startAccountServices({ dataDir, secretsPrefix: '', queues, credentials, log }));
  const close = async () => {
    for (const part of opened.toReversed()) await part.close();
  };
  return { dataDir, upstream, model, storage, account, keep, close };
}

/** The queue of polls, and its dead letters. */
export function pollQueues({ queues, eventSources }: Model): { polls?: QueueModel; dead?: QueueModel } {
  const polls = queues.find(({ url }) => url === eventSources[0]?.queueUrl);
  const dead = queues.find(({ arn }) => arn === polls?.redrive?.deadLetterArn);
  return { ...(polls && { polls }), ...(dead && { dead }) };
}
