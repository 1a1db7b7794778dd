/** Two processes with the durable engine on one database: what a frozen one still had on its way. */
import { unaskedWork } from '../../test/support/engine/unasked-work.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWish } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import { bodiesOf, someIntent } from '../../test/support/engine/run-deployment.ts';
import { simulatedSurroundings } from '../../test/support/engine/simulated-surroundings.ts';
import { serveWorld, startEngineProcess } from '../../test/support/engine/start-durable-engine.ts';
import { faultsOfRecord } from '../../test/support/faults-of-record.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { readAudit } from '../store/audit-store.ts';
import { findDeployment } from '../store/deployment-store.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { claimInstallation } from './claim-installation.ts';
import { planDeployment } from './plan-deployment.ts';
import { askDeployment } from './ask-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import type { Engine } from './start-engine.ts';

test('of two engines on one database one drives', async (t) => {
  const postgres = await testPostgres(t);
  const { database, connectionString, sql } = await testStore(t, postgres);
  const surroundings = simulatedSurroundings();
  const store = postgresStore(database);
  // As a server that stands by: its row is all that the driver hears of.
  const standby = { store, begin: () => Promise.resolve() } as unknown as Engine;
  const admit = async (version: string): Promise<number> => {
    const prepared = await planDeployment({ store, work: unaskedWork }, aWish(version));
    await startDeployment(standby, prepared, someIntent);
    return prepared.plan.deployment;
  };
  const statusOf = async (deployment: number) => {
    const record = await findDeployment(database, deployment);
    // A take-over goes on; only a deployment whose driver was lost for good is resumed.
    assert.equal(record?.resumption, 0);
    return record.status;
  };
  const untilEnded = (deployment: number): Promise<void> =>
    until(
      `d${deployment} has ended`,
      async () => (await statusOf(deployment)) !== 'running',
      60_000,
    );
  const entriesOf = (deployment: number) =>
    readAudit(database, { deployment, after: 0, limit: 1_000 });
  const takeOvers = async (): Promise<number> =>
    bodiesOf(await readAudit(database, { after: 0, limit: 10_000 }), 'ControllerStarted').length;

  await claimInstallation(database, postgres.directory.root);
  const world = await serveWorld(t, { folder: postgres.directory.root, surroundings });
  const engines = [startEngineProcess(t, world, connectionString)];
  await until('one drives', async () => (await takeOvers()) === 1);
  engines.push(startEngineProcess(t, world, connectionString));
  await until(
    'the other one waits for the lock',
    async () =>
      (await sql(`select from pg_stat_activity where application_name = 'surefoot-lock'`))
        .length === 2,
  );

  await t.test('what the one that stands by admits is begun by the one that drives', async () => {
    await untilEnded(await admit('1.0'));

    assert.equal(await statusOf(1), 'promoted');
    assert.equal(await takeOvers(), 1);
  });

  await t.test('a command that was on its way when its sender froze changes nothing', async () => {
    const [frozen] = engines;
    const hold = aHold();
    surroundings.atVerb = async (verb, moment) => {
      if (hold.isReached || verb !== 'balancer.apply' || moment !== 'before') return;
      hold.isReached = true;
      process.kill(frozen!.pid(), 'SIGSTOP');
      await hold.over;
    };

    const deployment = await admit('2.0');
    await untilEnded(deployment);
    hold.release();
    await until('the late command has arrived', () => world.refusals.length > 0);
    process.kill(frozen!.pid(), 'SIGCONT');

    assert.equal(await statusOf(deployment), 'promoted');
    assert.deepEqual(world.refusals, ['balancer.apply token-fenced']);
    assert.equal(await frozen!.ended(), 1, 'it has seen that it was replaced');
    onlyServes(surroundings, deployment);
    const entries = await entriesOf(deployment);
    assert.deepEqual(faultsOfRecord(entries), []);
    assert.equal(await takeOvers(), 2);
    assert.equal(entries.at(-1)?.body.kind, 'DeploymentEnded');
  });

  await t.test('a frozen driver takes no request away from the one that goes on', async () => {
    const [first, frozen] = engines;
    await first!.restart();
    const applied = aHold();
    const judging = aHold();
    surroundings.atVerb = async (verb, moment) => {
      if (verb === 'balancer.apply' && moment === 'after' && !applied.isReached) {
        applied.isReached = true;
        process.kill(frozen!.pid(), 'SIGSTOP');
        await applied.over;
      }
      if (verb === 'balancer.samples' && moment === 'before') {
        judging.isReached = true;
        await judging.over;
      }
    };

    const deployment = await admit('3.0');
    await until('the other one judges', () => judging.isReached);
    assert.equal(await takeOvers(), 3);
    await askDeployment(standby, deployment, { kind: 'abort', ...someIntent });
    // It records now what it hears of its last command, with whatever is asked and not yet heard.
    applied.release();
    process.kill(frozen!.pid(), 'SIGCONT');
    assert.equal(await frozen!.ended(), 1);
    judging.release();
    await untilEnded(deployment);

    assert.equal(await statusOf(deployment), 'reverted');
    const [request] = await sql(
      `select handled_after from operator_requests where deployment = ${deployment}`,
    );
    assert.match(String(request?.['handled_after']), /^judge-/);
    assert.deepEqual(faultsOfRecord(await entriesOf(deployment)), []);
  });
});

interface Hold {
  isReached: boolean;
  readonly over: Promise<undefined>;
  release(): void;
}

function aHold(): Hold {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { isReached: false, over: promise, release: () => resolve(undefined) };
}
