import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { csvOf, eachOnce } from './support/csv.ts';
import { eventually } from './support/eventually.ts';
import { type LocalStack, quick, type StackProcess, spawnStack, startLocalStack } from './support/local-stack.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { wrappersApi } from './support/wrappers-api.ts';

jest.setTimeout(150_000);

const started: Pick<StackProcess, 'stop'>[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((stack) => stack.stop()));
});

async function start(options?: Parameters<typeof startLocalStack>[0]): Promise<LocalStack> {
  const stack = await startLocalStack(options);
  started.push(stack);
  return stack;
}

/** Runs to its end; answers the exit code and what was printed. */
async function run(...args: string[]) {
  const stack = spawnStack(args);
  started.push(stack);
  return { code: await stack.ended(), output: stack.output() };
}

/** Every process of the stack's group: itself and what it has started. */
function processesOf({ pid }: LocalStack): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,pgid='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [child, group] = line.trim().split(/\s+/).map(Number);
    return group === pid && child !== undefined ? [child] : [];
  });
}

const freePorts = ['--port', '0', '--sink-port', '0'];

describe('Options', () => {
  test('an option that is not known exits 2, names it, and shows the usage', async () => {
    const { code, output } = await run('--prot', '4001');
    expect(code).toBe(2);
    expect(output).toContain("'--prot'");
    expect(output).toContain('Usage: npm start -- [options]');
    expect(output).not.toMatch(/\n\s+at /);
  });

  test('--help exits 0 and lists every option', async () => {
    const { code, output } = await run('--help');
    expect(code).toBe(0);
    for (const option of [
      '--port',
      '--sink-port',
      '--data',
      '--no-demo',
      '--once',
      '--no-loopback',
      '--set',
      '--every',
    ])
      expect(output).toContain(option);
  });

  test.each([
    ['colour=red', 'Settings of stage "local": there is no setting "colour" (lib/settings.ts has them all)'],
    ['leaseSeconds=0', 'Settings of stage "local": "leaseSeconds" can\'t be "0": Too small: expected number to be >0'],
    ['adapters=lambdas/contracts/roles.ts', 'adapters: lambdas/contracts/roles.ts: exports no list named "adapters"'],
  ])('a setting that can not be used, %s, exits 1 with one line that names it', async (setting, why) => {
    const { code, output } = await run('--data', temporaryFolder(), ...freePorts, '--set', setting);
    expect([code, output]).toEqual([1, `headgate: ${why}\n`]);
  });
});

describe('What is taken', () => {
  test.each(['--port', '--sink-port'])('a %s in use exits 1, names it, and leaves nothing running', async (option) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    try {
      const data = temporaryFolder();
      const { code, output } = await run('--data', data, ...freePorts, ...quick, option, port);
      expect(code).toBe(1);
      expect(output).toMatch(new RegExp(`headgate: .*${port}`));
      expect(output).not.toMatch(/\n\s+at /);
    } finally {
      server.close();
    }
  });

  test('a data folder in use exits 1, names folder and process, and leaves the stack that has it alone', async () => {
    const stack = await start();
    const { code, output } = await run('--data', stack.dataDir, ...freePorts, ...quick);
    expect(code).toBe(1);
    expect(output).toContain(`${stack.dataDir} is in use by process ${stack.pid}`);
    expect((await wrappersApi(stack).call('GET', '/resources/wrappers')).status).toBe(200);
  });
});

describe('Start and stop', () => {
  test('Ctrl-C in the middle of a run exits 0 and leaves nothing running; a restart keeps wrappers, key and run', async () => {
    const stack = await start();
    const api = wrappersApi(stack);
    const id = await api.wrapperOf(csvOf(2000), { batch_size: 20 });
    await api.behave({ latency_ms: 50 });
    await api.begin(id);
    await eventually(
      () => api.received(id),
      ({ points }) => points >= 100,
    );
    expect(processesOf(stack).length).toBeGreaterThan(1);
    const asked = Date.now();
    expect(await stack.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(processesOf(stack)).toEqual([]);

    const again = await start({ dataDir: stack.dataDir, sinkPort: new URL(stack.sinkUrl).port });
    expect(again.key).toBe(stack.key);
    expect(again.output()).not.toContain('Building');
    const same = wrappersApi(again);
    expect((await same.get(id)).body).toMatchObject({ wrapper_id: id, name: 'test' });
    await eventually(
      () => same.execute(id),
      ({ body }) => body.success === true,
      60_000,
    );
    expect(await same.received(id)).toMatchObject({
      ...eachOnce(2000),
      points: expect.any(Number),
      duplicate_points: expect.any(Number),
    });
  });

  test('--once runs the demo, prints its result, and exits 0 when every row arrived exactly once', async () => {
    const { code, output } = await run('--data', temporaryFolder(), ...freePorts, ...quick, '--once');
    expect(output).toContain('Demo complete: every row arrived exactly once.');
    expect(output).toContain('"message":"Wrapper executed successfully"');
    expect(output).toMatch(/export HEADGATE=http:\/\/127\.0\.0\.1:\d+\/resources\/wrappers SINK=/);
    expect(code).toBe(0);
  });

  test('--no-loopback forbids this machine as source and destination; --once then exits 1 and says why', async () => {
    const dataDir = temporaryFolder();
    const { code, output } = await run('--data', dataDir, ...freePorts, ...quick, '--no-loopback', '--once');
    expect(code).toBe(1);
    expect(output).toContain('Forbidden address: ');
    const api = wrappersApi(await start({ dataDir, args: [...quick, '--no-loopback'] }));
    const destination = { type: 'http', url: 'https://127.0.0.1/points' };
    for (const url of [
      'http://127.0.0.1:9/x.csv',
      'https://127.0.0.1/x.csv',
      'https://[::ffff:7f00:1]/x.csv',
      'https://2130706433/x.csv',
    ]) {
      const id = await api.createCsvWrapper('', { source: { type: 'CSV', location: { url } }, destination });
      const { status, body } = await api.execute(id);
      expect([url, status, body.detail]).toEqual([
        url,
        400,
        expect.stringMatching(/^Execution error: Forbidden address: /),
      ]);
    }
    const { status, body } = await api.execute(await api.wrapperOf(csvOf(3), { destination }));
    expect([status, body.detail]).toEqual([400, expect.stringMatching(/^Execution error: Forbidden address: /)]);
  });
});
