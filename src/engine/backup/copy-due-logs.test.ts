import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aWish } from '../../../test/support/engine/a-wish.ts';
import { servingEngine } from '../../../test/support/engine/run-deployment.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../../test/support/store/test-postgres.ts';
import { until } from '../../../test/support/until.ts';
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import { operationalError } from '../../core/operational-error.ts';
import { canonicalDigest } from '../../platform/canonical-digest.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { copyDueLogs } from './copy-due-logs.ts';
import { packedConfig } from './pack-config.ts';
import { scheduleLogs } from './schedule-logs.ts';

/** A service that serves, and whose deploy has declared two backups, one of them with a log. */
async function aService(t: TestContext) {
  const under = await servingEngine(t, await testPostgres(t));
  let seconds = 0;
  let failure: Error | null = null;
  const copied: string[] = [];
  under.work.copyLog = ({ scope: of, backup }) => {
    copied.push(`${of}/${backup.name}`);
    return failure
      ? Promise.reject(failure)
      : Promise.resolve({ segments: 1, until: '2026-05-01T10:00:00.000Z', isNew: false });
  };
  const packed = packedConfig({ url: 'postgresql:///a' });
  const base: PlannedBackup = {
    ...{ name: 'main', driver: 'pg-base', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 120_000 },
    ...{ configDigest: canonicalDigest(packed), logWithinMs: 300_000 },
  };
  const { logWithinMs: _logWithinMs, ...without } = base;
  under.work.secureBackup = ({ backup }) =>
    Promise.resolve({
      ...{ kind: 'there', verifiedAt: '2026-05-01T10:00:00.000Z' },
      manifest: {
        ...{ format: 1, id: 'b1', source: `${scope}/${backup.name}`, driver: 'pg-base' },
        ...{ takenAt: '2026-05-01T10:00:00.000Z', server: '', parts: [] },
        plain: { bytes: 0, digest: 'sha256:0' },
        sealed: { bytes: 0, digest: 'sha256:0' },
        key: { by: '', wrapped: '' },
      },
    });
  const [service] = aWish('2.0').services;
  const environments = { ...service.environments, [base.configDigest]: packed };
  const backups = [base, { ...without, name: 'other' }];
  const record = await under.deploy('2.0', { backups, environments });
  assert.equal(record.status, 'promoted');
  const turns = { keptNs: new Map<string, bigint>(), failing: new Map<string, string>() };
  const stop = new AbortController();
  const engine = {
    ...under.engine,
    clock: { ...systemClock, monotonicNs: () => BigInt(seconds) * 1_000_000_000n },
    lock: { ...under.engine.lock, isHeld: () => true },
  };
  const progress: string[] = [];
  return {
    ...{ engine, copied, stop, progress, under },
    fail: (next: Error | null) => void (failure = next),
    later: (more: number) => void (seconds += more),
    look: (by = engine) =>
      copyDueLogs({
        ...{ engine: by, ...turns, signal: stop.signal },
        progress: (text) => progress.push(text),
      }),
    async audit() {
      const entries = await under.engine.store.readAudit({ after: 0, limit: 10_000 });
      return entries.flatMap(({ body }) => (body.kind === 'BackupFailed' ? [body] : []));
    },
  };
}

test('a log is kept at once, and before it is too far behind; only of what declares it', async (t) => {
  const { look, later, copied, engine } = await aService(t);
  await look({ ...engine, lock: { ...engine.lock, isHeld: () => false } });
  assert.deepEqual(copied, []);

  await look();
  later(200);
  await look();
  assert.equal(copied.length, 1);
  later(60);
  await look();

  assert.deepEqual(copied, [`${scope}/main`, `${scope}/main`]);
});

test('what fails is tried at each look, and told once until it is kept again', async (t) => {
  const { look, fail, audit, copied, progress, later } = await aService(t);
  fail(operationalError('backup-unverifiable', 'Something is missing in between.'));
  await look();
  await look();
  fail(operationalError('database-unreachable', 'Nobody answers.'));
  await look();
  fail(null);
  await look();
  later(1_000);
  fail(operationalError('database-unreachable', 'Nobody answers.'));
  await look();

  assert.equal(copied.length, 5);
  assert.deepEqual(
    (await audit()).map(({ backup, failure }) => [backup, failure.message]),
    [
      ['main', 'Its log is not kept: Something is missing in between.'],
      ['main', 'Its log is not kept: Nobody answers.'],
      ['main', 'Its log is not kept: Nobody answers.'],
    ],
  );
  assert.deepEqual(progress, [`${scope}/main: the log is kept until 2026-05-01T10:00:00.000Z`]);
});

test('the server that drives looks by itself', async (t) => {
  const { engine, copied, stop } = await aService(t);
  const log = createLog({ write: () => undefined });

  const ended = scheduleLogs({ engine, log, signal: stop.signal });
  await until('it was kept', () => Promise.resolve(copied.length > 0));
  stop.abort();
  await ended;

  assert.equal(copied.length, 1);
});
