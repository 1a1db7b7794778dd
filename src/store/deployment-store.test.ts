import assert from 'node:assert/strict';
import { failsWith } from '../../test/support/fails-with.ts';
import { test } from 'node:test';
import {
  aNewDeployment,
  anAuditEntry,
  aSummary,
} from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import type { PoolId } from '../core/model/ids.ts';
import { readAudit } from './audit-store.ts';
import {
  admitDeployment,
  endDeployment,
  findDeployment,
  findDeploymentOfPool,
  findReleaseEnvironment,
  findRequested,
  listDeployments,
  listLatestByScope,
  nextDeploymentNumber,
  recordOutcome,
  saveProgress,
} from './deployment-store.ts';
import type { Database } from './database.ts';
import { addRequest, hasOpenRequest, type OperatorRequest } from './operator-request-store.ts';

const moved = { ...initialState, position: 3, lastForwardSequence: 4 };
const abort = { kind: 'abort', actor: 'local:ada', reason: 'no' } as const;

const refusalOf = ({ actor, reason }: OperatorRequest) =>
  anAuditEntry({ body: { kind: 'AbortRefused', actor, reason } });

function end(database: Database, deployment: number, status: 'promoted' | 'reverted' = 'promoted') {
  const state = { ...initialState, mode: 'ended' } as const;
  const audit = [anAuditEntry({ deployment, key: 'end' })];
  const summary = aSummary({ outcome: status });
  return endDeployment(database, { deployment, status, state, summary, audit, refusalOf });
}

test('deployments are admitted one at a time, advanced and ended once', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('of twenty admissions at once for one scope one is running', async (t) => {
    const { database } = await testStore(t, postgres);

    const admissions = await Promise.all(
      Array.from({ length: 20 }, () => admitDeployment(database, aNewDeployment())),
    );

    const kinds = admissions.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['admitted', ...Array<string>(19).fill('busy')]);
    const busy = admissions.find((admission) => admission.kind === 'busy');
    assert.equal(busy?.running, 1);
    assert.equal((await listDeployments(database, { limit: 100 })).length, 1);
  });

  await t.test('the database itself refuses a second running deployment of a scope', async (t) => {
    const { database, sql } = await testStore(t, postgres);
    await admitDeployment(database, aNewDeployment());

    await assert.rejects(
      sql(`insert into deployments (number, scope, status, plan, plan_digest, state, actor, reason)
        select 2, scope, status, plan, plan_digest, state, actor, reason from deployments`),
      /deployments_one_running_per_scope/,
    );
  });

  await t.test(
    'numbers rise strictly over all scopes, and a plan for a taken number is outdated',
    async (t) => {
      const { database } = await testStore(t, postgres);
      const inStaging = aNewDeployment({ plans: { environment: 'staging' } });
      await admitDeployment(database, aNewDeployment());

      const late = await admitDeployment(database, inStaging);
      const next = await nextDeploymentNumber(database);
      const again = await admitDeployment(
        database,
        aNewDeployment({ plans: { environment: 'staging', deployment: next } }),
      );

      assert.equal(late.kind, 'outdated');
      assert.equal(next, 2);
      assert.equal(again.kind, 'admitted');
      assert.equal(await nextDeploymentNumber(database), 3);
    },
  );

  await t.test(
    'the same request gives the same deployment, while it runs and after its end',
    async (t) => {
      const { database } = await testStore(t, postgres);
      const request = { key: 'k', digest: 'sha256:one' };

      const kinds = await Promise.all(
        Array.from({ length: 5 }, () => admitDeployment(database, aNewDeployment({ request }))),
      );
      await end(database, 1);
      const after = await admitDeployment(
        database,
        aNewDeployment({ request, plans: { deployment: 2 } }),
      );
      const other = await admitDeployment(
        database,
        aNewDeployment({ request: { ...request, digest: 'sha256:two' }, plans: { deployment: 2 } }),
      );

      assert.deepEqual(kinds.map(({ kind }) => kind).sort(), [
        'admitted',
        ...Array<string>(4).fill('repeated'),
      ]);
      assert.ok(after.kind === 'repeated' && after.deployment.number === 1);
      assert.deepEqual(other, { kind: 'key-reused', by: 1 });
      assert.equal(await findRequested(database, { key: 'another', digest: 'sha256:one' }), null);
    },
  );

  await t.test(
    'an admission is recorded with its audit entry, and its secrets apart from its plan',
    async (t) => {
      const { database } = await testStore(t, postgres);

      const admission = await admitDeployment(
        database,
        aNewDeployment({ audit: [anAuditEntry()] }),
      );

      assert.ok(admission.kind === 'admitted');
      const record = await findDeployment(database, 1);
      assert.deepEqual(record, admission.deployment);
      assert.deepEqual([record.status, record.endedAt, record.summary], ['running', null, null]);
      assert.equal((await readAudit(database, { after: 0, limit: 9 })).length, 1);
      const digest = record.plan.release.configDigest;
      assert.deepEqual(await findReleaseEnvironment(database, digest), { TOKEN: 'abc' });
      assert.equal(await findReleaseEnvironment(database, 'sha256:none'), null);
      assert.doesNotMatch(JSON.stringify(record.plan), /abc/);
    },
  );

  await t.test('progress is saved once per key, and never after the end', async (t) => {
    const { database } = await testStore(t, postgres);
    await admitDeployment(database, aNewDeployment());
    const progress = {
      deployment: 1,
      resumption: 0,
      state: moved,
      outcomeKey: 'shift ended',
      audit: [anAuditEntry({ key: 'shift issued' })],
    };

    await saveProgress(database, progress);
    await saveProgress(database, progress);
    assert.deepEqual((await findDeployment(database, 1))?.state, moved);
    await end(database, 1);
    await assert.rejects(saveProgress(database, progress), failsWith('driver-replaced'));
    await end(database, 1, 'reverted');

    const record = await findDeployment(database, 1);
    assert.deepEqual([record?.status, record?.state.mode], ['promoted', 'ended']);
    assert.equal(record?.summary?.outcome, 'promoted');
    assert.ok(record.endedAt);
    assert.equal((await readAudit(database, { after: 0, limit: 9 })).length, 2);
  });

  await t.test('a step that is repeated is told what it recorded', async (t) => {
    const { database } = await testStore(t, postgres);
    await admitDeployment(database, aNewDeployment());
    const progress = {
      deployment: 1,
      resumption: 0,
      state: moved,
      outcomeKey: 'shift ended',
      audit: [],
    };
    const body = { kind: 'StepPassed', step: 'shift-50' } as const;

    assert.equal(await saveProgress(database, progress), null);
    await recordOutcome(database, {
      deployment: 1,
      commandKey: 'shift',
      audit: [anAuditEntry({ key: 'shift ended', body })],
    });

    assert.deepEqual(await saveProgress(database, progress), body);
  });

  await t.test(
    'requests are taken once, oldest first, and the same command sees the same again',
    async (t) => {
      const { database } = await testStore(t, postgres);
      await admitDeployment(database, aNewDeployment());
      const take = (commandKey: string) =>
        recordOutcome(database, { deployment: 1, commandKey, audit: [] });
      await addRequest(database, 1, abort, [anAuditEntry()]);
      await addRequest(database, 1, { ...abort, reason: 'really' }, [anAuditEntry()]);
      assert.equal(await hasOpenRequest(database, 1), true);

      const first = await take('judge#1');
      const again = await take('judge#1');
      const next = await take('shift#1');

      assert.deepEqual(
        first.map(({ reason }) => reason),
        ['no', 'really'],
      );
      assert.deepEqual(again, first);
      assert.deepEqual(next, []);
      assert.equal(await hasOpenRequest(database, 1), false);
    },
  );

  await t.test(
    'what is asked of a deployment that has ended is refused and not recorded',
    async (t) => {
      const { database } = await testStore(t, postgres);
      await admitDeployment(database, aNewDeployment());
      await end(database, 1);

      assert.equal(await addRequest(database, 1, abort, [anAuditEntry()]), false);
      assert.equal(await addRequest(database, 2, abort, [anAuditEntry()]), false);
      assert.equal(await hasOpenRequest(database, 1), false);
      assert.equal((await readAudit(database, { after: 0, limit: 9 })).length, 1);
    },
  );

  await t.test(
    'who asked until the end is told that it was too late, before the end',
    async (t) => {
      const { database } = await testStore(t, postgres);
      await admitDeployment(database, aNewDeployment());
      assert.equal(await addRequest(database, 1, abort, []), true);

      await end(database, 1);
      await end(database, 1);

      const kinds = (await readAudit(database, { after: 0, limit: 10 })).map(
        ({ body }) => body.kind,
      );
      assert.deepEqual(kinds.slice(0, 1), ['AbortRefused']);
      assert.equal(kinds.filter((kind) => kind === 'AbortRefused').length, 1);
      assert.equal(await hasOpenRequest(database, 1), false);
      assert.equal(await addRequest(database, 1, abort, []), false);
    },
  );

  await t.test('deployments are found by number, pool, scope, status and age', async (t) => {
    const { database } = await testStore(t, postgres);
    for (const [deployment, environment] of [
      [1, 'production'],
      [2, 'staging'],
      [3, 'production'],
    ] as const) {
      await admitDeployment(database, aNewDeployment({ plans: { deployment, environment } }));
      await end(database, deployment, deployment === 1 ? 'promoted' : 'reverted');
    }
    const numbers = async (query: Parameters<typeof listDeployments>[1]) =>
      (await listDeployments(database, query)).map(({ number }) => number);

    assert.deepEqual(await numbers({ limit: 9 }), [3, 2, 1]);
    assert.deepEqual(await numbers({ limit: 1 }), [3]);
    assert.deepEqual(await numbers({ limit: 9, scope: 'production/web' }), [3, 1]);
    assert.deepEqual(await numbers({ limit: 9, environment: 'staging' }), [2]);
    assert.deepEqual(await numbers({ limit: 9, service: 'web', status: 'promoted' }), [1]);
    assert.deepEqual(
      (await listLatestByScope(database)).map(({ number }) => number),
      [3, 2],
    );
    const ofPool = await findDeploymentOfPool(database, 'staging.web.2' as PoolId);
    assert.equal(ofPool?.number, 2);
    assert.equal(await findDeploymentOfPool(database, 'staging.web.1' as PoolId), null);
    assert.equal(await findDeployment(database, 4), null);
  });
});
