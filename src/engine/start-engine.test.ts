import { unaskedWork } from '../../test/support/engine/unasked-work.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWish } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import { bodiesOf, someIntent } from '../../test/support/engine/run-deployment.ts';
import { simulatedSurroundings } from '../../test/support/engine/simulated-surroundings.ts';
import { startDurableEngine } from '../../test/support/engine/start-durable-engine.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { readAudit } from '../store/audit-store.ts';
import { findDeployment } from '../store/deployment-store.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { claimInstallation } from './claim-installation.ts';
import { planDeployment } from './plan-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import type { Engine } from './start-engine.ts';

test('the durable engine goes on where a killed process was', async (t) => {
  const postgres = await testPostgres(t);
  const { database, connectionString } = await testStore(t, postgres);
  const surroundings = simulatedSurroundings();
  // Only admits: to begin is left to the process that starts next.
  const store = postgresStore(database);
  const admitting = { store, begin: () => Promise.resolve() } as unknown as Engine;
  const admit = async (version: string): Promise<void> => {
    const prepared = await planDeployment({ store, work: unaskedWork }, aWish(version));
    await startDeployment(admitting, prepared, someIntent);
  };
  const statusOf = async (deployment: number) =>
    (await findDeployment(database, deployment))?.status ?? 'unknown';

  await claimInstallation(database, postgres.directory.root);
  await admit('1.0');
  const engine = await startDurableEngine(t, {
    connectionString,
    folder: postgres.directory.root,
    surroundings,
  });

  await t.test('what was admitted and begun by nobody is begun at the start, once', async () => {
    await until('it has ended', async () => (await statusOf(1)) !== 'running');

    assert.equal(await statusOf(1), 'promoted');
    onlyServes(surroundings, 1);
    const entries = await readAudit(database, { deployment: 1, after: 0, limit: 1_000 });
    const issued = bodiesOf(entries, 'CommandIssued').map(({ step }) => step);
    assert.deepEqual(issued, [...new Set(issued)]);
    const started = await readAudit(database, { after: 0, limit: 1_000 });
    assert.deepEqual(bodiesOf(started, 'ControllerStarted')[0]?.resumed, ['d1']);
  });

  await t.test(
    'killed in the middle of several steps, it promotes, and records each step once',
    async () => {
      const kills = [
        'target.ensure after',
        'balancer.apply after',
        'balancer.samples after',
        'target.stop before',
      ];
      const restarts: Promise<void>[] = [];
      surroundings.atVerb = async (verb, moment) => {
        if (kills[restarts.length] !== `${verb} ${moment}`) return;
        restarts.push(engine.restart());
        await restarts.at(-1);
      };
      await admit('2.0');
      await engine.restart();

      await until('it has ended', async () => (await statusOf(2)) !== 'running', 120_000);

      assert.equal(restarts.length, kills.length);
      assert.equal(await statusOf(2), 'promoted');
      onlyServes(surroundings, 2);
      const entries = await readAudit(database, { deployment: 2, after: 0, limit: 1_000 });
      const plan = (await findDeployment(database, 2))?.plan;
      const passed = bodiesOf(entries, 'StepPassed').map(({ step }) => step);
      assert.deepEqual(
        passed,
        plan?.steps.map(({ id }) => id),
      );
      assert.equal(bodiesOf(entries, 'DeploymentEnded').length, 1);
      assert.equal(surroundings.target.nextPid, 1_004, 'no instance was started twice');
    },
  );
});
