import { randomUUID } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';
import type { Heartbeat } from '../../domain/status/heartbeat.ts';
import { sandboxEnv } from '../env.ts';
import { systemClock } from '../system-clock.ts';

/** Of the memory that it may have: beyond, a function is about to be killed. */
const PRESSURE = 0.9;

/** Lambda gives no short name of a sandbox. */
const id = randomUUID().slice(0, 8);
/** A thread, as which the local engine runs some functions, shares its process, and says only what is its own. */
const startedAt = Math.round(systemClock.now() - (isMainThread ? process.uptime() * 1000 : 0));
let measured = { at: startedAt, busyMs: isMainThread ? 0 : processorMs() };

/** What this sandbox says of itself, all but its type; the processor's time counts from one call to the next. */
export function ownSandbox(): Omit<Heartbeat, 'type'> {
  const { functionName, memoryMegabytes } = sandboxEnv();
  const at = systemClock.now();
  const busyMs = processorMs();
  const cpuPercent = Math.round((1000 * (busyMs - measured.busyMs)) / Math.max(1, at - measured.at)) / 10;
  measured = { at, busyMs };
  const memoryBytes = memoryInUse();
  const isPressed = memoryBytes > PRESSURE * memoryMegabytes * 1024 * 1024;
  return {
    hostname: `${functionName}-${id}`,
    startedAt,
    beatAt: at,
    cpuPercent,
    memoryBytes,
    conditions: isPressed ? ['ProcessMemoryPressure'] : [],
  };
}

function processorMs(): number {
  const { user, system } = isMainThread ? process.cpuUsage() : process.threadCpuUsage();
  return (user + system) / 1000;
}

function memoryInUse(): number {
  return isMainThread ? process.memoryUsage.rss() : process.memoryUsage().heapUsed;
}
