import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseOptions, UsageError, usage } from '../../local/options.ts';

test('without arguments: the ports and the folder that the documentation names, with demo and loopback', () => {
  expect(parseOptions([])).toEqual({
    port: 4000,
    sinkPort: 4001,
    dataDir: '.headgate',
    demo: true,
    once: false,
    loopback: true,
    live: false,
    settings: {},
    everySeconds: undefined,
  });
});

test('every option is understood', () => {
  const args = '--port 0 --sink-port 65535 --data x --no-demo --live --no-loopback --set a=1 --set b=c=d --every 0.5';
  expect(parseOptions(args.split(' '))).toEqual({
    port: 0,
    sinkPort: 65_535,
    dataDir: path.resolve('x'),
    demo: false,
    once: false,
    loopback: false,
    live: true,
    settings: { a: '1', b: 'c=d' },
    everySeconds: 0.5,
  });
});

test('a folder is meant from where the command was given', () => {
  expect(parseOptions(['--data', './mine'], '/home/me')?.dataDir).toBe('/home/me/mine');
  expect(parseOptions(['--data', '/there'], '/home/me')?.dataDir).toBe('/there');
  expect(parseOptions([], '/home/me')?.dataDir).toBe('.headgate');
});

test.each(['--help', '-h'])('%s is no options, whatever else is asked', (help) => {
  expect(parseOptions([help, '--once', '--no-demo'])).toBeNull();
});

test.each([
  [['--prot', '4001'], "'--prot'"],
  [['serve'], "'serve'"],
  [['--port', 'http'], '--port must be a port, 0 to 65535, not "http"'],
  [['--port', '-1'], '--port'],
  [['--sink-port', '65536'], '--sink-port must be a port, 0 to 65535, not "65536"'],
  [['--port', '4000.5'], '--port must be a port'],
  [['--set', 'leaseSeconds'], '--set must look like leaseSeconds=10, not "leaseSeconds"'],
  [['--set', '=10'], '--set must look like leaseSeconds=10, not "=10"'],
  [['--every', 'often'], '--every must be a number of seconds, not "often"'],
  [['--every', '0'], '--every must be a number of seconds, not "0"'],
  [['--once', '--no-demo'], '--once runs the demo, --no-demo leaves it out: choose one'],
])('%j is refused, and named', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test('the usage lists every option', () => {
  for (const option of ['port', 'sink-port', 'data', 'no-demo', 'once', 'live', 'no-loopback', 'set', 'every', 'help'])
    expect(usage).toContain(`--${option}`);
});
