import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process in which a stack runs a function. */
export type Worker = { readonly pid: number; readonly functionName: string };

/** The processes that the stack of this process id has started for its functions. */
export async function workersOf(stackPid: number): Promise<readonly Worker[]> {
  const { stdout } = await run('ps', ['-e', '-ww', '-o', 'pid=,ppid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const functionName = /"functionName":"([^"]+)"/.exec(args)?.[1];
    return Number(parent) === stackPid && functionName ? [{ pid: Number(pid), functionName }] : [];
  });
}

/** `kill -9`; one that has ended meanwhile is no error. */
export function killWorker({ pid }: Worker): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
