import path from 'node:path';
import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export type Options = {
  readonly port: number;
  readonly sinkPort: number;
  /** State, keys, logs and the built assembly are kept here. */
  readonly dataDir: string;
  readonly demo: boolean;
  /** Boot, run the demo, and exit with its result. */
  readonly once: boolean;
  /** Whether sources and destinations may be on this machine. */
  readonly loopback: boolean;
  /** Whether feeds are read where they are, instead of from the replay that comes along. */
  readonly live: boolean;
  /** Settings of the stage that replace its defaults, by their names in lib/settings.ts. */
  readonly settings: Readonly<Record<string, string>>;
  /** Runs every schedule this often instead of by its own expression. */
  readonly everySeconds: number | undefined;
};

export const usage = `Usage: npm start -- [options]
  --port N            port of the API (default 4000; 0 picks a free one)
  --sink-port N       port of the built-in sink (default 4001; 0 picks a free one)
  --data DIR          where state is kept (default .headgate)
  --no-demo           leave out the demo run
  --once              boot, run the demo, exit 0 or 1
  --live              poll the feeds themselves, instead of a replay that comes along
  --no-loopback       allow no address on this machine as source or destination
  --set NAME=VALUE    a setting of lib/settings.ts, for instance leaseSeconds=10
  --every SECONDS     run every schedule this often, instead of each minute
  --help`;

/** A command line that can't be understood; its message says what and how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Null: help was asked for. `base`: the folder that the command was given in, where npm has changed to another.
 *
 * @throws UsageError
 */
export function parseOptions(args: readonly string[], base?: string): Options | null {
  const values = parse(args);
  if (values.help) return null;
  if (values.once && values['no-demo'])
    throw new UsageError('--once runs the demo, --no-demo leaves it out: choose one');
  return {
    port: portOf('--port', values.port),
    sinkPort: portOf('--sink-port', values['sink-port']),
    dataDir: values.data === undefined ? '.headgate' : path.resolve(base ?? '', values.data),
    demo: !values['no-demo'],
    once: values.once,
    loopback: !values['no-loopback'],
    live: values.live,
    settings: Object.fromEntries(values.set.map(settingOf)),
    everySeconds: values.every === undefined ? undefined : secondsOf(values.every),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4000' },
        'sink-port': { type: 'string', default: '4001' },
        data: { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        'no-loopback': { type: 'boolean', default: false },
        live: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        every: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new UsageError(`${flag} must be a port, 0 to 65535, not "${text}"`);
  return port;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--every must be a number of seconds, not "${text}"`);
  return seconds;
}

function settingOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set must look like leaseSeconds=10, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
