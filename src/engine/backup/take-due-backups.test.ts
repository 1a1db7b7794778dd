import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aQuickRollout, aWish } from '../../../test/support/engine/a-wish.ts';
import { servingEngine, someIntent } from '../../../test/support/engine/run-deployment.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../../test/support/store/test-postgres.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import { filesBackup } from '../../drivers/backup/files/driver.ts';
import { canonicalDigest } from '../../platform/canonical-digest.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { connectDriver } from '../connect-driver.ts';
import { planRollback } from '../plan-rollback.ts';
import { startDeployment } from '../start-deployment.ts';
import { packedConfig } from './pack-config.ts';
import { openPlannedIn } from './open-planned.ts';
import { securePlannedFrom } from './secure-planned.ts';
import { scheduleBackups } from './schedule-backups.ts';
import { takeDueBackups } from './take-due-backups.ts';

const MINUTE_MS = 60_000;

/** A service that serves, whose deploy has declared a backup of a folder. */
async function aService(t: TestContext, changes: Partial<PlannedBackup> = {}) {
  const folder = temporaryFolder(t);
  const [media, stateDirectory] = [join(folder, 'media'), join(folder, 'state')];
  mkdirSync(media);
  mkdirSync(stateDirectory, { mode: 0o700 });
  writeFileSync(join(media, 'a.txt'), 'words');
  const under = await servingEngine(t, await testPostgres(t));
  let nowMs = Date.parse('2026-05-01T10:00:00Z');
  let monotonicMs = 0;
  under.work.secureBackup = securePlannedFrom(
    openPlannedIn({
      connect: connectDriver([filesBackup]),
      agents: { stateDirectory },
      clock: { ...systemClock, wallMs: () => nowMs },
      host: {},
    }),
  );
  const packed = packedConfig({ path: media });
  const backup: PlannedBackup = {
    ...{ name: 'media', driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 2 * MINUTE_MS },
    ...{ configDigest: canonicalDigest(packed), everyMs: 30 * MINUTE_MS, ...changes },
  };
  const [service] = aWish('2.0').services;
  const environments = { ...service.environments, [backup.configDigest]: packed };
  const record = await under.deploy('2.0', { backups: [backup], environments });
  assert.equal(record.status, 'promoted');
  const failedNs = new Map<string, bigint>();
  const stop = new AbortController();
  const engine = {
    ...under.engine,
    clock: { ...systemClock, monotonicNs: () => BigInt(monotonicMs) * 1_000_000n },
    lock: { ...under.engine.lock, isHeld: () => true },
  };
  return {
    ...{ media, under, engine, stop },
    kept: () => readdirSync(join(stateDirectory, 'backups', scope, 'media')).sort(),
    look: () =>
      takeDueBackups({ engine, failedNs, progress: () => undefined, signal: stop.signal }),
    later(minutes: number) {
      nowMs += minutes * MINUTE_MS;
      monotonicMs += minutes * MINUTE_MS;
    },
    async audit() {
      const entries = await under.engine.store.readAudit({ after: 0, limit: 10_000 });
      return entries.filter(({ body }) => body.kind.startsWith('Backup'));
    },
  };
}

test('a backup is taken and tried out when it is due, and not before', async (t) => {
  const service = await aService(t);
  await service.look();
  assert.equal(service.kept().length, 1, 'that of the deployment');
  assert.deepEqual(await service.audit(), []);
  service.later(31);

  await service.look();
  await service.look();

  const [, own] = service.kept();
  assert.deepEqual(service.kept().slice(1), [own]);
  assert.match(own ?? '', /-scheduled$/);
  const [entry, ...more] = await service.audit();
  assert.deepEqual(more, []);
  assert.deepEqual([entry?.scope, entry?.deployment], [scope, null]);
  assert.ok(entry?.body.kind === 'BackupVerified');
  assert.equal(entry.body.id, own);
});

test('one that fails is told and tried again in a while; what was taken before stays', async (t) => {
  const service = await aService(t);
  service.later(31);
  rmSync(service.media, { recursive: true });

  await service.look();
  await service.look();
  const failed = await service.audit();
  mkdirSync(service.media);
  writeFileSync(join(service.media, 'a.txt'), 'words');
  await service.look();
  assert.equal((await service.audit()).length, 1, 'not at once');
  service.later(16);
  await service.look();

  assert.deepEqual(
    failed.map(({ body }) => body.kind),
    ['BackupFailed'],
  );
  const kinds = (await service.audit()).map(({ body }) => body.kind);
  assert.deepEqual(kinds, ['BackupFailed', 'BackupVerified']);
  assert.equal(service.kept().length, 2);
});

test('what was not taken in its time is a failure, and what is being taken ends with the server', async (t) => {
  const service = await aService(t);
  service.under.work.secureBackup = async ({ signal }) => {
    signal.throwIfAborted();
    await once(signal, 'abort');
    throw signal.reason;
  };
  const over = AbortSignal.abort();
  const box = {
    signal: over,
    hasPassed: () => true,
    end: () => undefined,
    release: () => undefined,
  };
  service.later(31);
  const late = { ...service.engine, clock: { ...service.engine.clock, deadline: () => box } };
  const due = () => ({ failedNs: new Map<string, bigint>(), progress: () => undefined });

  await takeDueBackups({ ...due(), engine: late, signal: service.stop.signal });
  const ended = takeDueBackups({ ...due(), engine: service.engine, signal: service.stop.signal });
  service.stop.abort(new Error('the server ends'));

  await assert.rejects(ended, /the server ends/);
  const bodies = (await service.audit()).map(({ body }) => body);
  assert.equal(bodies.length, 1);
  assert.ok(bodies[0]?.kind === 'BackupFailed');
  assert.equal(bodies[0].failure.code, 'deadline-passed');
});

test('what was gone back to says nothing of its data, which are backed up as the last deploy has it', async (t) => {
  const service = await aService(t);
  const { engine, ended } = service.under;
  const back = await startDeployment(
    engine,
    await planRollback(engine.store, 'production', 'web'),
    someIntent,
  );
  assert.equal((await ended(back.deployment.number)).status, 'promoted');
  service.later(31);

  await service.look();

  assert.match(service.kept().at(-1) ?? '', /-scheduled$/);
});

test('while a service is deployed its backups are its deployment’s matter, and who does not drive takes none', async (t) => {
  const service = await aService(t);
  service.later(31);
  const due = { failedNs: new Map<string, bigint>(), progress: () => undefined };
  const lock = { ...service.engine.lock, isHeld: () => false };
  await takeDueBackups({
    ...due,
    engine: { ...service.engine, lock },
    signal: service.stop.signal,
  });
  const { number } = await service.under.start('3.0', {
    rollout: aQuickRollout({ limits: { ...aQuickRollout().limits, holdMs: 5_000 } }),
  });

  await service.look();
  assert.equal(service.kept().length, 1);
  await service.under.ended(number);
  await service.look();

  // The release that came last declares none.
  assert.equal(service.kept().length, 1);
});

test('the server that drives looks by itself, and once more when a look has failed', async (t) => {
  const service = await aService(t);
  service.later(31);
  const lines: string[] = [];
  let looks = 0;
  const { store, clock } = service.engine;
  const engine = {
    ...service.engine,
    store: {
      ...store,
      listLatestByScope() {
        looks += 1;
        if (looks === 1) throw new Error('a mistake');
        return store.listLatestByScope();
      },
    },
    clock: { ...clock, deadline: (ms: number) => clock.deadline(ms === MINUTE_MS ? 1 : ms) },
  };
  const log = createLog({ write: (line) => lines.push(line) });
  const { signal } = service.stop;

  const ended = scheduleBackups({ engine, log, signal });
  await until('one is kept', async () => (await service.audit()).length === 1);
  service.stop.abort();
  await ended;

  assert.match(lines[0] ?? '', /could not be looked for.*a mistake/);
  assert.equal(service.kept().length, 2);
});
