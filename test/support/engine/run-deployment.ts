/** An engine without the durable library: a real database, simulated drivers, and its own replays. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { AuditBody, AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import { carryOutDeployment } from '../../../src/engine/carry-out-deployment.ts';
import { holdControllerLock } from '../../../src/engine/controller-lock.ts';
import type { EngineContext } from '../../../src/engine/engine-context.ts';
import { createLeaseKeeper } from '../../../src/engine/lease-keeper.ts';
import { planDeployment } from '../../../src/engine/plan-deployment.ts';
import { createProgressFeed } from '../../../src/engine/progress-feed.ts';
import { listenForRequests } from '../../../src/engine/request-signals.ts';
import { startDeployment } from '../../../src/engine/start-deployment.ts';
import type { Engine } from '../../../src/engine/start-engine.ts';
import type { DeploymentRecord } from '../../../src/store/deployment-store.ts';
import { postgresStore } from '../../../src/store/postgres-store.ts';
import { testStore, type TestPostgres, type TestStore } from '../store/test-postgres.ts';
import { aWish, type WishChanges } from './a-wish.ts';
import { createJournal, type Journal } from './journal.ts';
import { scope, simulatedSurroundings, type Surroundings } from './simulated-surroundings.ts';

export interface EngineUnderTest extends Surroundings {
  readonly store: TestStore;
  /** Its `begin` carries the deployment out in the background, once. */
  readonly engine: Engine;
  /** Admits a release and begins it. */
  start(version: string, changes?: WishChanges): Promise<DeploymentRecord>;
  /** The same to its end. */
  deploy(version: string, changes?: WishChanges): Promise<DeploymentRecord>;
  /** Waits for the end of a begun deployment. */
  ended(deployment: number): Promise<DeploymentRecord>;
  audit(deployment: number): Promise<readonly AuditEntry[]>;
  /** Carries an admitted deployment out, dying at each new point that `diesAt` names. */
  carryOutDying(deployment: number, diesAt: (point: string) => boolean): Promise<DyingRun>;
}

export interface DyingRun {
  readonly record: DeploymentRecord;
  readonly deaths: readonly string[];
}

export async function engineUnderTest(
  test: TestContext,
  postgres: TestPostgres,
): Promise<EngineUnderTest> {
  const store = await testStore(test, postgres);
  const surroundings = simulatedSurroundings();
  const { clock, connectDrivers } = surroundings;
  const { database, connectionString } = store;
  const lock = holdControllerLock({ connectionString, clock, onReplaced: () => undefined });
  const signals = listenForRequests({ connectionString, clock });
  const processes: EngineContext[] = [];
  const newProcess = (): EngineContext => {
    const leases = createLeaseKeeper({ clock, mayDrive: () => lock.isHeld() });
    const process: EngineContext = {
      ...{ store: postgresStore(database), clock, lock, leases, signals, connectDrivers },
      progress: createProgressFeed(),
      work: surroundings.work,
    };
    processes.push(process);
    return process;
  };
  test.after(async () => {
    await Promise.allSettled(running.values());
    for (const { leases } of processes) await leases.close();
    await Promise.all([lock.close(), signals.close()]);
  });
  const running = new Map<number, Promise<string>>();
  const engine: Engine = {
    ...newProcess(),
    async begin(deployment) {
      if (running.has(deployment)) return;
      const run = carryOutDeployment(engine, deployment, createJournal());
      running.set(deployment, run);
      // Whoever waits for the end sees the error there.
      run.catch(() => undefined);
    },
  };
  const recordOf = async (deployment: number): Promise<DeploymentRecord> => {
    const record = await engine.store.findDeployment(deployment);
    assert.ok(record);
    return record;
  };
  const under: EngineUnderTest = Object.assign(surroundings, {
    store,
    engine,
    async start(version: string, changes: WishChanges = {}) {
      const prepared = await planDeployment(engine, aWish(version, changes));
      const { deployment } = await startDeployment(engine, prepared, someIntent);
      return deployment;
    },
    async deploy(version: string, changes: WishChanges = {}) {
      const { number } = await under.start(version, changes);
      return under.ended(number);
    },
    async ended(deployment: number) {
      await running.get(deployment);
      return recordOf(deployment);
    },
    audit: (deployment: number) => engine.store.readAudit({ deployment, after: 0, limit: 10_000 }),
    async carryOutDying(deployment: number, diesAt: (point: string) => boolean) {
      const deaths = await dyingRun(under, deployment, { newProcess, diesAt });
      return { record: await recordOf(deployment), deaths };
    },
  });
  return under;
}

/** With 1.0 serving as deployment 1. */
export async function servingEngine(
  test: TestContext,
  postgres: TestPostgres,
): Promise<EngineUnderTest> {
  const under = await engineUnderTest(test, postgres);
  await under.deploy('1.0');
  return under;
}

/** Whether a leased split is in force and its traffic has just been looked at. */
export function isJudging({ seen, balancer }: Surroundings): boolean {
  return (
    balancer.observe(scope)?.routing.lease !== null &&
    // A look reads the samples, then what is in force.
    seen.slice(-2).some(({ name }) => name === 'balancer.samples')
  );
}

export const someIntent = { actor: 'local:ada', reason: 'because' };

/** A process that dies leaves its promises pending for ever, and whatever it did done. */
async function dyingRun(
  under: EngineUnderTest,
  deployment: number,
  options: { newProcess(): EngineContext; diesAt(point: string): boolean },
): Promise<readonly string[]> {
  const deaths: string[] = [];
  const journal: Journal = createJournal();
  let step = '';
  let living = 0;
  for (;;) {
    living += 1;
    const own = living;
    let die = (_death: 'died'): void => undefined;
    const death = new Promise<'died'>((resolve) => (die = resolve));
    const dieAt = (point: string): Promise<void> | void => {
      // What a dead process still had on the way goes nowhere.
      if (own !== living) return new Promise(() => undefined);
      if (deaths.includes(point) || !options.diesAt(point)) return;
      deaths.push(point);
      die('died');
      return new Promise(() => undefined);
    };
    const process = options.newProcess();
    under.atVerb = (verb, moment) => {
      // Renewals come by the clock; where they stand between the steps is chance.
      if (verb !== 'balancer.renew') return dieAt(`${step}: ${moment} ${verb}`);
    };
    journal.atStepEnd = (name) => dieAt(`${name}: at its end`);
    journal.rewind();
    const steps = {
      ...journal,
      run: <Result>(name: string, work: () => Promise<Result>) =>
        journal.run(name, () => {
          step = name;
          return work();
        }),
    };
    const end = await Promise.race([death, carryOutDeployment(process, deployment, steps)]);
    if (end !== 'died') {
      under.atVerb = () => undefined;
      return deaths;
    }
    await process.leases.close();
  }
}

export function bodiesOf<Kind extends AuditBody['kind']>(
  entries: readonly AuditEntry[],
  kind: Kind,
): readonly Extract<AuditBody, { kind: Kind }>[] {
  return entries
    .map(({ body }) => body)
    .filter((body): body is Extract<AuditBody, { kind: Kind }> => body.kind === kind);
}
