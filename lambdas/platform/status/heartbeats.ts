import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { expiryOf, type Heartbeat, type HeartbeatType } from '../../domain/status/heartbeat.ts';
import { dynamo, storeCall } from '../dynamo.ts';

/** Every method throws `RetryableError` when the store is out of reach. */
export type Heartbeats = {
  put(beat: Heartbeat): Promise<void>;
  /** What the store holds, expired ones included. */
  all(): Promise<readonly Heartbeat[]>;
};

const types: readonly HeartbeatType[] = ['agent', 'api'];
/** A beat goes along with a request, which must not wait for a store that hangs. */
const PUTTING_MS = 800;

/** The heartbeats table: `type`, `hostname`. */
export function heartbeats(table: string): Heartbeats {
  return {
    async put(beat) {
      const put = new PutCommand({ TableName: table, Item: itemOf(beat) });
      await storeCall(() => dynamo.send(put, { abortSignal: AbortSignal.timeout(PUTTING_MS) }));
    },
    all: async () => (await Promise.all(types.map((type) => allOf(table, type)))).flat(),
  };
}

function allOf(table: string, type: HeartbeatType): Promise<Heartbeat[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: '#type = :type',
    ExpressionAttributeNames: { '#type': 'type' },
    ExpressionAttributeValues: { ':type': type },
  };
  return storeCall(async () => {
    const found: Heartbeat[] = [];
    for await (const { Items = [] } of paginateQuery({ client: dynamo }, query)) found.push(...Items.map(heartbeatOf));
    return found;
  });
}

function itemOf(beat: Heartbeat): Record<string, unknown> {
  return {
    type: beat.type,
    hostname: beat.hostname,
    started_at: beat.startedAt,
    beat_at: beat.beatAt,
    cpu_percent: beat.cpuPercent,
    memory_bytes: beat.memoryBytes,
    conditions: beat.conditions,
    // Seconds: the store removes it some time after.
    expires_at: Math.ceil(expiryOf(beat) / 1000),
  };
}

/** The inverse of `itemOf`, which alone writes these items. */
function heartbeatOf(item: Record<string, unknown>): Heartbeat {
  return {
    type: item.type as HeartbeatType,
    hostname: String(item.hostname),
    startedAt: Number(item.started_at),
    beatAt: Number(item.beat_at),
    cpuPercent: Number(item.cpu_percent),
    memoryBytes: Number(item.memory_bytes),
    conditions: item.conditions as Heartbeat['conditions'],
  };
}
