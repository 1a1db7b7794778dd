/**
 * A controller as `startEngine` makes one: the real loop, on a clock, a store, a lock and drivers of
 * the simulation. It takes up whatever is running, and drives it until its process ends.
 */
import { carryOutDeployment } from '../../src/engine/carry-out-deployment.ts';
import type { ControllerLock } from '../../src/engine/controller-lock.ts';
import type { DriversInUse } from '../../src/engine/drivers-in-use.ts';
import type { EngineContext } from '../../src/engine/engine-context.ts';
import { createLeaseKeeper } from '../../src/engine/lease-keeper.ts';
import { createDrivenDeployments } from '../../src/engine/driven-deployments.ts';
import { createProgressFeed } from '../../src/engine/progress-feed.ts';
import { resumeLeases } from '../../src/engine/resume-leases.ts';
import { runningDeployments } from '../../src/engine/running-deployments.ts';
import { superviseDeployments } from '../../src/engine/supervise-deployments.ts';
import type { ServerWork } from '../../src/engine/server-work.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Store } from '../../src/store/store.ts';
import type { DurableJournal } from './durable-journal.ts';
import { simulatedDeadline } from './simulated-deadline.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface ControllerParts {
  readonly process: SimulatedProcess;
  readonly store: Store;
  readonly drivers: DriversInUse;
  readonly lock: ControllerLock;
  readonly work: ServerWork;
  /** By the id of the workflow. */
  readonly journalOf: (workflow: string) => DurableJournal;
  readonly isBegun: (workflow: string) => boolean;
  /** Tells the process that somebody has asked something of the deployment. */
  readonly onRequest: EngineContext['signals']['onRequest'];
}

/** Never resolves when its process dies. */
export async function runSimulatedController(parts: ControllerParts): Promise<void> {
  const { process, store, drivers, lock } = parts;
  const { clock } = process;
  const leases = createLeaseKeeper({ clock, mayDrive: () => lock.isHeld() });
  const engine: EngineContext = {
    store,
    clock,
    lock,
    leases,
    signals: { onRequest: parts.onRequest, onAudit: () => () => undefined, close: async () => {} },
    progress: createProgressFeed(),
    connectDrivers: () => drivers,
    work: parts.work,
  };
  await lock.untilHeld();
  const running = await untilAnswered(process, () => runningDeployments(store));
  resumeLeases(engine, running);
  const driven = createDrivenDeployments();
  /** Owns the workflow from now on, whoever began it. */
  const recover = (number: number, resumption: number): void => {
    const journal = parts.journalOf(`${number}.${resumption}`);
    if (journal.isGivenUp()) return;
    const steps = journal.replay(process);
    // Whoever is replaced or disowned says so by its error, and leaves the rest to the other.
    void driven
      .while(number, () => carryOutDeployment(engine, number, steps, resumption))
      .catch(() => undefined);
  };
  for (const { number, resumption } of running) recover(number, resumption);
  const durable = {
    recover: () => DONE,
    begin(number: number, resumption: number) {
      if (!parts.isBegun(`${number}.${resumption}`)) recover(number, resumption);
      return DONE;
    },
  };
  const { signal } = simulatedDeadline(() => null);
  await superviseDeployments({ engine, durable, driven, log: SILENT, signal });
}

const DONE = Promise.resolve();
const SILENT = createLog({ write: () => undefined });

async function untilAnswered<Result>(
  { clock }: SimulatedProcess,
  call: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch {
      await clock.sleep(200);
    }
  }
}
