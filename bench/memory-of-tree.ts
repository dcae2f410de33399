import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const EVERY_MS = 1000;

/** Resident memory of a process and all that it has started, in MB, once a second until the signal fires. */
export async function memoryOfTree(root: number, until: AbortSignal): Promise<number[]> {
  const samples: number[] = [];
  while (!until.aborted) {
    samples.push(await residentMb(root));
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
  return samples;
}

async function residentMb(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const inTree = new Set([root]);
  // Parents need not be listed before their children.
  for (let size = 0; size !== inTree.size; ) {
    size = inTree.size;
    for (const [pid = 0, parent = 0] of processes) if (inTree.has(parent)) inTree.add(pid);
  }
  const kilobytes = processes.reduce((sum, [pid = 0, , rss = 0]) => sum + (inTree.has(pid) ? rss : 0), 0);
  return Math.round(kilobytes / 1024);
}
