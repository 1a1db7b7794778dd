/**
 * Brings the engine up. Of several servers on one database one drives; the others read, admit and pass
 * requests on by the database, and take over when the driver is gone. Crash-only: there is no other
 * way to stop than to end the process.
 */
import { operationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { scheduleBackups } from './backup/schedule-backups.ts';
import { scheduleLogs } from './backup/schedule-logs.ts';
import { claimInstallation } from './claim-installation.ts';
import { holdControllerLock } from './controller-lock.ts';
import { createDrivenDeployments } from './driven-deployments.ts';
import type { ConnectDrivers } from './drivers-in-use.ts';
import type { EngineContext } from './engine-context.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { createProgressFeed } from './progress-feed.ts';
import { listenForRequests } from './request-signals.ts';
import { superviseDeployments } from './supervise-deployments.ts';
import { takeOver, type DurableEngine } from './take-over.ts';
import type { ServerWork } from './server-work.ts';

export interface Engine extends EngineContext {
  /**
   * Has an admitted deployment begun: here, or by the server that drives, which hears of it from the
   * database. Beginning it twice is beginning it once.
   */
  begin(deployment: number): Promise<void>;
}

/** Resolves when this process drives, or knows that another one does. */
export async function startEngine(options: {
  readonly connectionString: string;
  /** Must belong to the database; an empty one is claimed for it. */
  readonly stateDirectory: string;
  readonly version: string;
  readonly connectDrivers: ConnectDrivers;
  readonly work: ServerWork;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Ends the process, which cannot go on: another one drives in its stead, and all that it believes is
   * of the past; or it failed to take over.
   */
  readonly onUnfit: (reason: unknown) => void;
}): Promise<Engine> {
  const { connectionString, clock, log, onUnfit } = options;
  const onReplaced = (): void =>
    onUnfit(operationalError('driver-replaced', 'Another server drives now.'));
  const { database } = openDatabase(connectionString);
  await migrate(database);
  await claimInstallation(database, options.stateDirectory);
  const lock = holdControllerLock({ connectionString, clock, onReplaced });
  const context: EngineContext = {
    store: postgresStore(database, { term: () => lock.term(), onReplaced }),
    clock,
    lock,
    leases: createLeaseKeeper({ clock, mayDrive: () => lock.isHeld() }),
    signals: listenForRequests({ connectionString, clock }),
    progress: createProgressFeed(),
    connectDrivers: options.connectDrivers,
    work: options.work,
  };
  let durable: DurableEngine | null = null;

  async function drive(): Promise<void> {
    await lock.untilHeld();
    const executorId = `server-${lock.term()}`;
    const driven = createDrivenDeployments();
    const taken = await takeOver(context, { ...options, executorId, driven });
    durable = taken;
    const { signal } = new AbortController();
    void superviseDeployments({ engine: context, durable: taken, driven, log, signal });
    void scheduleBackups({ engine: context, log, signal });
    void scheduleLogs({ engine: context, log, signal });
  }
  const driving = drive();
  driving.catch(onUnfit);
  await Promise.race([driving, lock.untilRefused()]);
  return {
    ...context,
    async begin(deployment) {
      await durable?.begin(deployment, 0);
    },
  };
}
