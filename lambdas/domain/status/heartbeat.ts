/** As what a function shows itself: an `agent` carries runs and polls, the `api` answers requests. */
export type HeartbeatType = 'agent' | 'api';

/** What troubles a sandbox, or what it sees: in the words that clients know (O-6). */
export type Condition = 'ProcessMemoryPressure' | 'QueueBacklog' | 'DLQNotEmpty' | 'LeaseLost';

/** The last sign of life of one sandbox. Instants are milliseconds since the epoch. */
export type Heartbeat = {
  readonly type: HeartbeatType;
  /** The function's name and a short id of the sandbox. */
  readonly hostname: string;
  readonly startedAt: number;
  readonly beatAt: number;
  /** Of one processor, since the beat before; the time that a sandbox is frozen counts as idle. */
  readonly cpuPercent: number;
  /** Resident. */
  readonly memoryBytes: number;
  readonly conditions: readonly Condition[];
};

export const BEAT_EVERY_MS = 60_000;

/** Two beats may go missing. */
const LIVE_MS = 3 * BEAT_EVERY_MS;

/** From this instant on the sandbox counts as gone. */
export function expiryOf({ beatAt }: Pick<Heartbeat, 'beatAt'>): number {
  return beatAt + LIVE_MS;
}

/** Those that have not expired, whatever the store still holds: by type, then by hostname. */
export function liveHeartbeats(beats: readonly Heartbeat[], now: number): readonly Heartbeat[] {
  const rank = ({ type, hostname }: Heartbeat) => `${type} ${hostname}`;
  return beats
    .filter((beat) => now < expiryOf(beat))
    .sort((one, other) => (rank(one) < rank(other) ? -1 : Number(rank(one) > rank(other))));
}
