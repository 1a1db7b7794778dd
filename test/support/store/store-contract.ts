/** What every store must show. Called by the tests of each store. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../fails-with.ts';
import { aNewDeployment, anAuditEntry, aSummary } from './deployment-request.ts';
import { schemaContract } from './schema-contract.ts';
import { servicesContract } from './services-contract.ts';
import { watchContract } from './watch-contract.ts';
import {
  REVERT_SEQUENCE_FIRST,
  initialState,
  type DeploymentState,
} from '../../../src/core/deployment/deployment-state.ts';
import type { Freeze } from '../../../src/core/deployment/freeze.ts';
import type { OperatorRequest } from '../../../src/core/deployment/operator-request.ts';
import type { PoolId } from '../../../src/core/model/ids.ts';
import type { DeploymentsQuery } from '../../../src/store/deployment-store.ts';
import type { Store } from '../../../src/store/store.ts';

const moved = { ...initialState, position: 3, lastForwardSequence: 4 };
const abort = { kind: 'abort', actor: 'local:ada', reason: 'no' } as const;

const refusalOf = ({ actor, reason }: OperatorRequest) =>
  anAuditEntry({ body: { kind: 'AbortRefused', actor, reason } });

function end(store: Store, deployment: number, status: 'promoted' | 'reverted' = 'promoted') {
  const state = { ...initialState, mode: 'ended' } as const;
  const audit = [anAuditEntry({ deployment, key: 'end' })];
  const summary = aSummary({ outcome: status });
  return store.endDeployment({ deployment, status, state, summary, audit, refusalOf });
}

const contract: Readonly<Record<string, (store: Store) => Promise<void>>> = {
  ...{ ...servicesContract, ...watchContract, ...schemaContract },
  'of twenty admissions at once for one scope one is running': async (store) => {
    const admissions = await Promise.all(
      Array.from({ length: 20 }, () => store.admitDeployment(aNewDeployment())),
    );

    const kinds = admissions.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['admitted', ...Array<string>(19).fill('busy')]);
    const busy = admissions.find((admission) => admission.kind === 'busy');
    assert.equal(busy?.running, 1);
    assert.equal((await store.listDeployments({ limit: 100 })).length, 1);
  },
  'numbers rise strictly over all scopes, and a plan for a taken number is outdated': async (
    store,
  ) => {
    const inStaging = aNewDeployment({ plans: { environment: 'staging' } });
    await store.admitDeployment(aNewDeployment());

    const late = await store.admitDeployment(inStaging);
    const next = await store.nextDeploymentNumber();
    const again = await store.admitDeployment(
      aNewDeployment({ plans: { environment: 'staging', deployment: next } }),
    );

    assert.equal(late.kind, 'outdated');
    assert.equal(next, 2);
    assert.equal(again.kind, 'admitted');
    assert.equal(await store.nextDeploymentNumber(), 3);
  },
  'the same request gives the same deployment, while it runs and after its end': async (store) => {
    const request = { key: 'k', digest: 'sha256:one' };

    const kinds = await Promise.all(
      Array.from({ length: 5 }, () => store.admitDeployment(aNewDeployment({ request }))),
    );
    await end(store, 1);
    const after = await store.admitDeployment(
      aNewDeployment({ request, plans: { deployment: 2 } }),
    );
    const other = await store.admitDeployment(
      aNewDeployment({
        request: { ...request, digest: 'sha256:two' },
        plans: { deployment: 2 },
      }),
    );

    assert.deepEqual(kinds.map(({ kind }) => kind).sort(), [
      'admitted',
      ...Array<string>(4).fill('repeated'),
    ]);
    assert.ok(after.kind === 'repeated' && after.deployment.number === 1);
    assert.deepEqual(other, { kind: 'key-reused', by: 1 });
    assert.equal(await store.findRequested({ key: 'another', digest: 'sha256:one' }), null);
  },
  'an admission is recorded with its audit entry, and its secrets apart from its plan': async (
    store,
  ) => {
    const admission = await store.admitDeployment(aNewDeployment({ audit: [anAuditEntry()] }));

    assert.ok(admission.kind === 'admitted');
    const record = await store.findDeployment(1);
    assert.deepEqual(record, admission.deployment);
    assert.deepEqual([record.status, record.endedAt, record.summary], ['running', null, null]);
    assert.equal((await store.readAudit({ after: 0, limit: 9 })).length, 1);
    const digest = record.plan.services[0].release.configDigest;
    assert.deepEqual(await store.findReleaseEnvironment(digest), { TOKEN: 'abc' });
    assert.equal(await store.findReleaseEnvironment('sha256:none'), null);
    assert.doesNotMatch(JSON.stringify(record.plan), /abc/);
  },
  'progress is saved once per key, and never after the end': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const progress = {
      deployment: 1,
      resumption: 0,
      state: moved,
      outcomeKey: 'shift ended',
      audit: [anAuditEntry({ key: 'shift issued' })],
    };

    await store.saveProgress(progress);
    await store.saveProgress(progress);
    assert.deepEqual((await store.findDeployment(1))?.state, moved);
    await end(store, 1);
    await assert.rejects(store.saveProgress(progress), failsWith('driver-replaced'));
    await end(store, 1, 'reverted');

    const record = await store.findDeployment(1);
    assert.deepEqual([record?.status, record?.state.mode], ['promoted', 'ended']);
    assert.equal(record?.summary?.outcome, 'promoted');
    assert.ok(record.endedAt);
    assert.equal((await store.readAudit({ after: 0, limit: 9 })).length, 2);
  },
  'a step that is repeated is told what it recorded': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const progress = {
      deployment: 1,
      resumption: 0,
      state: moved,
      outcomeKey: 'shift ended',
      audit: [],
    };
    const body = { kind: 'StepPassed', step: 'shift-50' } as const;

    assert.equal((await store.saveProgress(progress)).outcome, null);
    await store.recordOutcome({
      deployment: 1,
      commandKey: 'shift',
      audit: [anAuditEntry({ key: 'shift ended', body })],
    });

    assert.deepEqual((await store.saveProgress(progress)).outcome, body);
  },
  'a driver that was cut off within a step does not set back where the deployment stands': async (
    store,
  ) => {
    await store.admitDeployment(aNewDeployment());
    const save = (changes: Partial<typeof initialState>) =>
      store.saveProgress({
        deployment: 1,
        resumption: 0,
        state: { ...initialState, ...changes },
        outcomeKey: 'ended',
        audit: [],
      });
    const turned = { lastForwardSequence: 4, lastRevertSequence: REVERT_SEQUENCE_FIRST };

    await save({ lastForwardSequence: 4 });
    await assert.rejects(save({ lastForwardSequence: 3 }), failsWith('driver-replaced'));
    await save(turned);
    await assert.rejects(save({ lastForwardSequence: 4 }), failsWith('driver-replaced'));

    const record = await store.findDeployment(1);
    assert.deepEqual(record?.state, { ...initialState, ...turned });
  },
  'a look is not set back to what it looks for, though both have one token': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const save = (state: DeploymentState) =>
      store.saveProgress({ deployment: 1, resumption: 0, state, outcomeKey: 'ended', audit: [] });
    const looking = { ...moved, attempt: 2, observing: true };
    await save(moved);

    await save(looking);
    await assert.rejects(save(moved), failsWith('driver-replaced'));
    await save(looking);

    assert.deepEqual((await store.findDeployment(1))?.state, looking);
  },
  'requests are taken once, oldest first, and the same command sees the same again': async (
    store,
  ) => {
    await store.admitDeployment(aNewDeployment());
    const take = (commandKey: string) =>
      store.recordOutcome({ deployment: 1, commandKey, audit: [] });
    await store.addRequest(1, abort, () => [anAuditEntry()]);
    await store.addRequest(1, { ...abort, reason: 'really' }, () => [anAuditEntry()]);
    assert.deepEqual(await store.openRequests(1), ['abort']);

    const first = await take('judge#1');
    const again = await take('judge#1');
    const next = await take('shift#1');

    assert.deepEqual(
      first.map(({ reason }) => reason),
      ['no', 'really'],
    );
    assert.deepEqual(again, first);
    assert.deepEqual(next, []);
    assert.deepEqual(await store.openRequests(1), []);
  },
  'an outcome that comes again, or late, takes no request that came since': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const outcome = {
      deployment: 1,
      commandKey: 'judge#1',
      audit: [anAuditEntry({ key: 'judge#1 ended' })],
    };
    assert.deepEqual(await store.recordOutcome(outcome), []);
    await store.addRequest(1, abort, () => []);

    assert.deepEqual(await store.recordOutcome(outcome), []);

    assert.deepEqual(await store.openRequests(1), ['abort']);
    const next = {
      deployment: 1,
      commandKey: 'shift#1',
      audit: [anAuditEntry({ key: 'shift#1 ended' })],
    };
    assert.equal((await store.recordOutcome(next)).length, 1);
    assert.equal((await store.recordOutcome(next)).length, 1, 'what it took it takes again');
  },
  'what is asked of a deployment that has ended is refused and not recorded': async (store) => {
    await store.admitDeployment(aNewDeployment());
    await end(store, 1);

    assert.equal(await store.addRequest(1, abort, () => [anAuditEntry()]), null);
    assert.equal(await store.addRequest(2, abort, () => [anAuditEntry()]), null);
    assert.deepEqual(await store.openRequests(1), []);
    assert.equal((await store.readAudit({ after: 0, limit: 9 })).length, 1);
  },
  'who asked until the end is told that it was too late, before the end': async (store) => {
    await store.admitDeployment(aNewDeployment());
    assert.equal(await store.addRequest(1, abort, () => []), 1);

    await end(store, 1);
    await end(store, 1);

    const kinds = (await store.readAudit({ after: 0, limit: 10 })).map(({ body }) => body.kind);
    assert.deepEqual(kinds.slice(0, 1), ['AbortRefused']);
    assert.equal(kinds.filter((kind) => kind === 'AbortRefused').length, 1);
    assert.deepEqual(await store.openRequests(1), []);
    assert.equal(await store.addRequest(1, abort, () => []), null);
  },
  'deployments are found by number, pool, scope, status and age': async (store) => {
    for (const [deployment, environment] of [
      [1, 'production'],
      [2, 'staging'],
      [3, 'production'],
    ] as const) {
      await store.admitDeployment(aNewDeployment({ plans: { deployment, environment } }));
      await end(store, deployment, deployment === 1 ? 'promoted' : 'reverted');
    }
    const numbers = async (query: DeploymentsQuery) =>
      (await store.listDeployments(query)).map(({ number }) => number);

    assert.deepEqual(await numbers({ limit: 9 }), [3, 2, 1]);
    assert.deepEqual(await numbers({ limit: 1 }), [3]);
    assert.deepEqual(await numbers({ limit: 9, scope: 'production/web' }), [3, 1]);
    assert.deepEqual(await numbers({ limit: 9, environment: 'staging' }), [2]);
    assert.deepEqual(await numbers({ limit: 9, service: 'web', status: 'promoted' }), [1]);
    assert.deepEqual(await numbers({ limit: 9, kind: 'deploy' }), [3, 2, 1]);
    assert.deepEqual(await numbers({ limit: 9, kind: 'rollback' }), []);
    assert.deepEqual(
      (await store.listLatestByScope()).map(({ scope, deployment }) => [scope, deployment.number]),
      [
        ['production/web', 3],
        ['staging/web', 2],
      ],
    );
    const ofPool = await store.findDeploymentOfPool('staging.web.2' as PoolId);
    assert.equal(ofPool?.number, 2);
    assert.equal(await store.findDeploymentOfPool('staging.web.1' as PoolId), null);
    assert.equal(await store.findDeployment(4), null);
  },
  'one that is taken up is written by its newest driver only': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const progress = { deployment: 1, state: moved, outcomeKey: 'shift ended', audit: [] };

    assert.equal(await store.takeUpDeployment(1, 0), 1);
    assert.equal(await store.takeUpDeployment(1, 0), null);
    await assert.rejects(
      store.saveProgress({ ...progress, resumption: 0 }),
      failsWith('driver-replaced'),
    );
    assert.equal((await store.saveProgress({ ...progress, resumption: 1 })).outcome, null);
    await end(store, 1);
    assert.equal(await store.takeUpDeployment(1, 1), null);
  },
  'a freeze is over all services of its environment or over one, until its time or until it is lifted':
    async (store) => {
      const about = { actor: 'local:ada', reason: 'audit', until: null };
      const audit = (freeze: Freeze) =>
        anAuditEntry({ deployment: null, body: { kind: 'FreezeBegan', freeze } });
      const over = async (...scopes: readonly string[]) =>
        (await store.placesNow(scopes.length > 0 ? scopes : null)).freezes.map(({ id }) => id);

      const added = await store.addFreezes(
        [
          { ...about, environment: 'production', service: null },
          { ...about, environment: 'production', service: 'web' },
          {
            ...about,
            environment: 'production',
            service: 'api',
            until: '2099-01-01T00:00:00.000Z',
          },
          { ...about, environment: 'staging', service: 'web', until: '2020-01-01T00:00:00.000Z' },
        ],
        audit,
      );

      assert.deepEqual(await over(), [1, 2, 3]);
      assert.ok((await store.placesNow(null)).atMs <= (await store.placesNow(null)).atMs);
      assert.deepEqual(await over('production/web'), [1, 2]);
      assert.deepEqual(await over('production/api'), [1, 3]);
      assert.deepEqual(await over('staging/web'), []);
      assert.deepEqual(await over('staging/web', 'production/api'), [1, 3]);
      assert.deepEqual((await store.placesNow(['production/web'])).freezes, added.slice(0, 2));
      assert.deepEqual(await store.liftFreezes([1, 4, 9], audit), added.slice(0, 1));
      assert.deepEqual(await store.liftFreezes([1], audit), []);
      assert.deepEqual(await over('production/web'), [2]);
      const entries = await store.readAudit({ after: 0, limit: 9 });
      assert.deepEqual(
        entries.map(({ body }) => body.kind === 'FreezeBegan' && body.freeze.id),
        [1, 2, 3, 4, 1],
      );
    },
  'progress is told of the freezes over its scope whose entries come before': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const progress = { deployment: 1, resumption: 0, state: moved, outcomeKey: 'x', audit: [] };
    const freeze = { environment: 'production', actor: 'local:ada', reason: 'audit', until: null };
    const audit = () => anAuditEntry({ deployment: null });

    assert.deepEqual((await store.saveProgress(progress)).freezes, []);
    await store.addFreezes(
      [
        { ...freeze, service: 'web' },
        { ...freeze, service: 'api' },
      ],
      audit,
    );

    const { freezes } = await store.saveProgress(progress);
    assert.deepEqual(
      freezes.map(({ service }) => service),
      ['web'],
    );
  },
  'audit entries are numbered without gaps, and one with a key is kept once': async (store) => {
    await store.admitDeployment(aNewDeployment());

    await store.appendAudit([anAuditEntry({ key: 'a' }), anAuditEntry({ key: 'a' })]);
    await store.appendAudit([
      anAuditEntry({ key: 'a' }),
      anAuditEntry(),
      anAuditEntry({ deployment: null, key: null }),
    ]);

    const entries = await store.readAudit({ after: 0, limit: 9 });
    assert.deepEqual(
      entries.map(({ sequence, deployment }) => [sequence, deployment]),
      [
        [1, 1],
        [2, 1],
        [3, null],
      ],
    );
    const later = await store.readAudit({ deployment: 1, after: 1, limit: 9 });
    assert.deepEqual(
      later.map(({ sequence }) => sequence),
      [2],
    );
  },
  'what a store gives out cannot be changed in it': async (store) => {
    await store.admitDeployment(aNewDeployment());
    const before = await store.findDeployment(1);

    await store.saveProgress({
      ...{ deployment: 1, resumption: 0, state: moved, outcomeKey: 'x', audit: [] },
    });

    assert.deepEqual(before?.state, initialState);
    assert.ok((await store.deploymentAgeMs(1)) >= 0);
  },
};

/** `open` gives a way to an empty store for every subtest of `t`. */
export function describeStoreContract(
  name: string,
  open: (t: TestContext) => Promise<(t: TestContext) => Promise<Store>>,
): void {
  test(`${name}: deployments are admitted one at a time, advanced and ended once`, async (t) => {
    const createStore = await open(t);
    for (const [title, check] of Object.entries(contract)) {
      await t.test(title, async (t) => check(await createStore(t)));
    }
  });
}
