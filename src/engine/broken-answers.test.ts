/** The durable engine over a database whose answers get lost: what was committed is not done again. */
import { unaskedWork } from '../../test/support/engine/unasked-work.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWish } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import { bodiesOf, someIntent } from '../../test/support/engine/run-deployment.ts';
import { simulatedSurroundings } from '../../test/support/engine/simulated-surroundings.ts';
import { startDurableEngine } from '../../test/support/engine/start-durable-engine.ts';
import { faultsOfRecord } from '../../test/support/faults-of-record.ts';
import { databaseLink } from '../../test/support/store/database-link.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../platform/clock.ts';
import { readAudit } from '../store/audit-store.ts';
import { untilReachable } from '../store/database.ts';
import { findDeployment } from '../store/deployment-store.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { claimInstallation } from './claim-installation.ts';
import { planDeployment } from './plan-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import type { Engine } from './start-engine.ts';

/** All that commits while a deployment is carried out, ours and the durable engine's. */
const commits = {
  progress: /update deployments\s+set state/,
  outcome: /select take_requests/,
  transaction: /Q....commit\0/is,
} as const;

test('a deployment is carried out once although the database cannot say what it has done', async (t) => {
  const postgres = await testPostgres(t);
  const { database, connectionString, sql } = await testStore(t, postgres);
  const link = await databaseLink(t, connectionString);
  const surroundings = simulatedSurroundings();
  const store = postgresStore(database);
  const admitting = { store, begin: () => Promise.resolve() } as unknown as Engine;
  // Its own connections are ended below as well.
  const recordOf = (deployment: number) =>
    untilReachable(() => findDeployment(database, deployment), { clock: systemClock });
  const deploy = async (version: string): Promise<number> => {
    const prepared = await planDeployment({ store, work: unaskedWork }, aWish(version));
    await startDeployment(admitting, prepared, someIntent);
    const { deployment } = prepared.plan;
    await until(
      `d${deployment} has ended`,
      async () => (await recordOf(deployment))?.status !== 'running',
      60_000,
    );
    return deployment;
  };
  const holds = async (deployment: number): Promise<void> => {
    const record = await recordOf(deployment);
    assert.equal(record?.status, 'promoted', JSON.stringify(record?.summary?.cause));
    onlyServes(surroundings, deployment);
    const entries = await readAudit(database, { deployment, after: 0, limit: 1_000 });
    assert.deepEqual(faultsOfRecord(entries), []);
    const passed = bodiesOf(entries, 'StepPassed').map(({ step }) => step);
    assert.deepEqual(
      passed,
      record.plan.steps.map(({ id }) => id),
    );
  };
  await claimInstallation(database, postgres.directory.root);
  await startDurableEngine(t, {
    connectionString: link.connectionString,
    folder: postgres.directory.root,
    surroundings,
  });
  await holds(await deploy('1.0'));

  await t.test('the answer of every third commit is lost', async (t) => {
    const seen = { progress: 0, outcome: 0, transaction: 0 };
    link.losesAnswerTo = (message) => {
      for (const kind of ['progress', 'outcome', 'transaction'] as const) {
        if (!commits[kind].test(message)) continue;
        seen[kind] += 1;
        return seen[kind] % 3 === 1;
      }
      return false;
    };

    await holds(await deploy('2.0'));

    link.losesAnswerTo = () => false;
    t.diagnostic(`commits whose answer was asked for: ${JSON.stringify(seen)}`);
    assert.ok(Object.values(seen).every((count) => count > 10));
  });

  await t.test('at every verb one of the connections is ended by the server', async (t) => {
    const names = ['surefoot', 'surefoot-workflows', 'surefoot-lock', 'surefoot-listen'];
    const ended = new Map<string, number>();
    let verbs = 0;
    surroundings.atVerb = async (verb) => {
      if (verb === 'balancer.renew' || verb === 'balancer.samples') return;
      const name = names[verbs % names.length]!;
      verbs += 1;
      const rows = await sql(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
          where application_name = '${name}' and datname = current_database()`,
      );
      if (rows.length > 0) ended.set(name, (ended.get(name) ?? 0) + 1);
    };

    const deployment = await deploy('3.0');
    surroundings.atVerb = () => undefined;
    await holds(deployment);

    t.diagnostic(`connections ended: ${JSON.stringify([...ended])}`);
    assert.deepEqual([...ended.keys()].sort(), [...names].sort());
  });
});
