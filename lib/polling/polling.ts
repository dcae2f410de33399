import { Construct } from 'constructs';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { EveryMinute } from '../constructs/every-minute.ts';
import {
  mayAskForAttributes,
  mayChangeItems,
  mayListItems,
  mayPutItems,
  mayReadAdapterSecrets,
  maySendPolls,
  mayUpdateItems,
  secretsPrefix,
} from '../constructs/permissions.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { feedsVariables, type ServiceContext } from '../service-context.ts';

/**
 * Every minute the dispatcher puts a job into the queue for each adapter that is due, and the poller works the queue
 * off: feed by feed into records and health. A tick that is lost is made up for by the next; a job that is lost or
 * comes twice, by the adapter's next job and by the job's identity.
 */
export class Polling extends Construct {
  readonly polls: QueueConsumer;
  readonly tick: EveryMinute;
  readonly missedTicks: DeadLetterQueue;

  constructor(scope: Construct, id: string, context: ServiceContext) {
    super(scope, id);
    this.polls = new QueueConsumer(this, 'Polls', {
      consumer: this.pollFeeds(context),
      concurrency: context.settings.pollConcurrency,
      // Each call is paid for, and jobs are spread over the minute: seconds that a feed is fetched later fill batches.
      gatherSeconds: 5,
    });
    this.missedTicks = new DeadLetterQueue(this, 'MissedTicks');
    this.tick = new EveryMinute(this, 'Tick', {
      calls: this.dispatchPolls(context),
      purpose: 'Sends a job to the queue for each feed that is due',
      deadLetters: this.missedTicks,
    });
  }

  private dispatchPolls(context: ServiceContext): ServiceFunction {
    const { queue, deadLetters } = this.polls;
    const watched = [deadLetters, this.missedTicks];
    const { settings, code, state, heartbeats } = context;
    const dispatchPolls = new ServiceFunction(this, 'DispatchPolls', {
      settings,
      code,
      heartbeats,
      name: 'dispatchPolls',
      purpose: 'Sends a job to the queue for each feed that is due, every minute',
      environment: {
        ...feedsVariables(context),
        POLL_QUEUE_URL: queue.queueUrl,
        DEAD_LETTERS_URLS: watched.map(({ queueUrl }) => queueUrl).join(','),
      },
      // Shorter than the minute in which it is called again.
      timeoutSeconds: 55,
      // Of ten thousand adapters the health is 10 MB, and their jobs are a thousand requests.
      memoryMegabytes: 1024,
    });
    mayListItems(dispatchPolls, state.feeds);
    // Until when all that was due has been sent.
    mayChangeItems(dispatchPolls, state.feeds);
    maySendPolls(dispatchPolls, queue);
    // Whoever looks at its heartbeat is told of dead letters.
    for (const deadLetterQueue of watched) mayAskForAttributes(dispatchPolls, deadLetterQueue);
    return dispatchPolls;
  }

  private pollFeeds(context: ServiceContext): ServiceFunction {
    const { settings, code, state, heartbeats } = context;
    const pollFeeds = new ServiceFunction(this, 'PollFeeds', {
      settings,
      code,
      heartbeats,
      name: 'pollFeeds',
      purpose: 'Reads feeds that are due into records and health',
      environment: {
        ...feedsVariables(context),
        RECORDS_TABLE: state.records.tableName,
        ALLOWED_HOSTS: settings.allowedHosts.join(','),
        SECRETS_PREFIX: secretsPrefix(settings),
        FEEDS_MIRROR: settings.feedsMirror,
      },
      // The polls of a batch run side by side; the longest may take 135 s (lib/polling/adapter-registry.ts).
      timeoutSeconds: 150,
      // Ten polls at once, each with up to four parts of some megabytes, as bytes, as text and as objects.
      memoryMegabytes: 768,
    });
    mayChangeItems(pollFeeds, state.feeds);
    mayListItems(pollFeeds, state.records);
    mayPutItems(pollFeeds, state.records);
    // A record that has gone from its feed is marked, not read and written again.
    mayUpdateItems(pollFeeds, state.records);
    mayReadAdapterSecrets(pollFeeds, settings);
    return pollFeeds;
  }
}
