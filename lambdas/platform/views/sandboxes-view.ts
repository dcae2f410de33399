import { type Heartbeat, liveHeartbeats } from '../../domain/status/heartbeat.ts';
import { ageText, agoText } from '../../domain/status/time-texts.ts';

/**
 * The sections about what lives, by its signs of life; undefined, these could not be collected. The one that answers
 * is in the registry all the same: it is the one that clients show the components under.
 */
export function sandboxesView(beats: readonly Heartbeat[] | undefined, own: Heartbeat, now: number) {
  const others = (beats ?? []).filter(({ hostname }) => hostname !== own.hostname);
  return {
    agents: beats && agentsView(beats, now),
    registry: liveHeartbeats([...others, own], now).map((beat) => ({
      type: beat.type,
      hostname: beat.hostname,
      status: 'Ready',
      conditions: beat.conditions.length === 0 ? undefined : beat.conditions,
      age: ageText(now - beat.startedAt),
      cpu_percent: beat.cpuPercent,
      mem_bytes: beat.memoryBytes,
    })),
  };
}

/** A worker that is not ready shows no sign of life, so all that are here are. */
function agentsView(beats: readonly Heartbeat[], now: number) {
  const agents = liveHeartbeats(beats, now).filter(({ type }) => type === 'agent');
  return {
    total: agents.length,
    ready: agents.length,
    agents:
      agents.length === 0
        ? undefined
        : agents.map(({ hostname, beatAt }) => ({ hostname, registered: agoText(now - beatAt) })),
  };
}
