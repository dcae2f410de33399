import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryDirectory } from './hand-made-assembly.ts';
import { until } from './start-test-engine.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startBusyEngine() {
  const script = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  const engine = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporaryDirectory() },
  });
  children.push(engine);
  const [line] = await once(engine.stdout, 'data');
  return { engine, sandboxPid: Number(line) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a closed engine leaves nothing that keeps its process alive', async () => {
  const { engine, sandboxPid } = await startBusyEngine();
  expect(isAlive(sandboxPid)).toBe(true);
  engine.stdin.write('close\n');
  expect(await once(engine, 'exit')).toEqual([0, null]);
  expect(isAlive(sandboxPid)).toBe(false);
}, 15_000);

test('a killed engine leaves no sandbox behind', async () => {
  const { engine, sandboxPid } = await startBusyEngine();
  engine.kill('SIGKILL');
  await until(() => !isAlive(sandboxPid));
}, 15_000);
