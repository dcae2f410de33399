import type { Context } from 'aws-lambda';
import type { FunctionName } from '../../contracts/environments.ts';
import { registryTypeOf } from '../../contracts/registry-type.ts';
import type { Condition } from '../../domain/status/heartbeat.ts';
import { whileBeating } from '../../domain/status/while-beating.ts';
import { heartbeatsTable } from '../env.ts';
import { logger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { heartbeats } from './heartbeats.ts';
import { ownSandbox } from './own-sandbox.ts';

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

type Look = () => readonly Condition[] | Promise<readonly Condition[]>;

/**
 * A function that shows that it lives while it works, at most once a minute in each sandbox; one whose contract is to
 * write nothing stays as it is. `look` tells what this function alone can see. A beat that fails is logged, and that is
 * all.
 */
export function beating<Event, Result>(
  name: FunctionName,
  handle: Handler<Event, Result>,
  look: Look = () => [],
): Handler<Event, Result> {
  const type = registryTypeOf(name);
  const table = heartbeatsTable();
  if (type === undefined || table === undefined) return handle;
  const store = heartbeats(table);
  const beat = async () => {
    try {
      const own = ownSandbox();
      await store.put({ ...own, type, conditions: [...own.conditions, ...(await seen(look))] });
      return true;
    } catch (error) {
      logger.warn('no heartbeat', { error: error as Error });
      return false;
    }
  };
  const working = whileBeating(beat, systemClock);
  return (event, context) => working(() => handle(event, context));
}

/** One that can't see is alive all the same. */
async function seen(look: Look): Promise<readonly Condition[]> {
  try {
    return await look();
  } catch (error) {
    logger.warn('conditions not seen', { error: error as Error });
    return [];
  }
}
