import { RunFailure } from '../../lambdas/domain/errors.ts';
import { executeRun } from '../../lambdas/domain/run/execute-run.ts';
import { buryRun, reconcileRun } from '../../lambdas/domain/run/reconcile-run.ts';
import { stopRun } from '../../lambdas/domain/run/stop-run.ts';
import { slice, WRAPPER } from '../support/run-world.ts';
import { mend, redrivable } from './mend.ts';
import { carry, dies, dyingAt, execute, type Stage, stop } from './stage.ts';

export type Scenario = (stage: Stage) => Promise<unknown>;

const PAST_LEASE_MS = 70_000;
const FIRST = { wrapperId: WRAPPER, epoch: 1, handover: 0 };

/** The ways in which runs begin, go on and end; `fail-at-call.test.ts` lets each of their calls fail. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'a run to its end': (stage) => execute(stage),

  'a run whose destination is in trouble': (stage) => {
    stage.world.destination.script.push('busy', 'accept-then-drop', 'partial', 'hang', 'accept', 'busy');
    return execute(stage);
  },

  'a run that is stopped in the middle, and executed again': async (stage) => {
    const executed = executeUntilHanging(stage);
    await stage.world.clock.sleep(5_000);
    await stop(stage);
    await executed;
    await execute(stage);
  },

  'a run that is executed and stopped again while its stop waits': async (stage) => {
    const executed = executeUntilHanging(stage);
    await stage.world.clock.sleep(1_000);
    await Promise.all([stop(stage), stage.world.clock.sleep(500).then(() => execute(stage)), stop(stage)]);
    await executed;
  },

  'a stop whose caller dies, finished by the reconciler': async (stage) => {
    const { world } = stage;
    void executeUntilHanging(stage).catch(() => undefined);
    await world.clock.sleep(1_000);
    void stopRun(WRAPPER, world.control(dyingAt('store.load', 2)));
    await world.clock.sleep(25_000);
    await reconcileRun(WRAPPER, stage.control());
  },

  'a continuous run that is handed over after every look, and stopped': async (stage) => {
    const { world } = stage;
    carry(stage, { handoverAfter: 1 });
    world.source.grows = true;
    world.store.put({ ...world.state(), mode: 'continuous', intervalSeconds: 10 });
    const executed = execute(stage);
    for (let looks = 0; looks < 2; looks += 1) {
      await world.clock.sleep(11_000);
      world.source.rows += 2;
    }
    await stop(stage);
    await executed;
  },

  'a continuous run that outlasts outages of its source and of its destination, and is stopped': async (stage) => {
    const { world } = stage;
    world.source.grows = true;
    world.store.put({ ...world.state(), mode: 'continuous', intervalSeconds: 10 });
    const executed = execute(stage);
    await world.clock.sleep(5_000);
    const away = () => new RunFailure('failed', 'HTTP 503 from source', { mayMend: true });
    world.source.awayFor.push(away(), away());
    world.source.rows += 2;
    await world.clock.sleep(40_000);
    world.destination.script.push(...Array<'busy'>(20).fill('busy'));
    world.source.rows += 2;
    await world.clock.sleep(180_000);
    await stop(stage);
    await executed;
  },

  'a run that fails for good, and is executed again': async (stage) => {
    stage.world.destination.script.push('accept', 'refuse');
    await execute(stage);
    await execute(stage);
  },

  'a run that crashes until its execution gives up, and is executed again': async (stage) => {
    stage.world.crashes = 4;
    await execute(stage);
    await execute(stage);
  },

  'a run that dies, is buried by the reconciler, and executed again': async (stage) => {
    await dies(stage, PAST_LEASE_MS);
    await reconcileRun(WRAPPER, stage.control());
    await execute(stage);
  },

  'a run that dies, and is taken over by the next': async (stage) => {
    await dies(stage, PAST_LEASE_MS);
    await execute(stage);
  },

  'a run of whose end two events tell': async (stage) => {
    await dies(stage, 0);
    await buryRun(FIRST, 'ABORTED', stage.control());
    await buryRun(FIRST, 'ABORTED', stage.control());
    await execute(stage);
  },

  'a run whose start never came, until the reconciler starts it': async (stage) => {
    const { world } = stage;
    const control = world.control(dyingAt('executions.start'));
    void executeRun(WRAPPER, { requestId: 'request', from: 'checkpoint' }, control);
    await world.clock.sleep(PAST_LEASE_MS);
    await reconcileRun(WRAPPER, stage.control());
    await world.clock.sleep(1_000);
  },

  'a quarantine that is re-driven': async (stage) => {
    const redrives = await quarantined(stage);
    await execute(stage, { redrives });
  },

  'a slice that is invoked again while it goes on, and a re-drive right after': async (stage) => {
    const { world, wire } = stage;
    world.misfits = new Set([1, 3, 5]);
    const executed = execute(stage);
    await world.clock.sleep(1_000);
    await slice(world, { wire: wire() });
    await executed;
    await mend(world);
    for (const redrives of redrivable(world)) await execute(stage, { redrives });
  },

  'a quarantine whose re-drive is stopped, and begun again': async (stage) => {
    const redrives = await quarantined(stage);
    stage.world.destination.script.push('accept', 'hang');
    const executed = execute(stage, { redrives });
    await stage.world.clock.sleep(1_000);
    await stop(stage);
    await executed;
    await execute(stage, { redrives });
  },
};

function executeUntilHanging(stage: Stage): Promise<void> {
  stage.world.destination.script.push('accept', 'hang');
  return execute(stage);
}

/** A run, without faults, that leaves rows in quarantine which fit by now; answers its epoch. */
async function quarantined({ world }: Stage): Promise<number> {
  world.misfits = new Set([1, 3, 5]);
  await execute({ world, control: () => world.control() });
  await mend(world);
  return redrivable(world)[0] ?? 0;
}
