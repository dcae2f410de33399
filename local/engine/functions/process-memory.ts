import { readFileSync } from 'node:fs';

export type Memory = { readonly rssKb: number; readonly peakKb: number };

/** Resident memory now and at its peak, where the system has `/proc`; undefined elsewhere, and once the process is gone. */
export function readMemory(pid: number | 'self'): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { rssKb: field(status, 'VmRSS'), peakKb: field(status, 'VmHWM') };
  } catch {
    return undefined;
  }
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
}
