import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DeploymentId } from '../../core/model/ids.ts';
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import { filesBackup } from '../../drivers/backup/files/driver.ts';
import { systemClock } from '../../platform/clock.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { packedBackup, packedConfig } from '../backup/pack-config.ts';
import { openPlannedIn } from '../backup/open-planned.ts';
import { securePlannedFrom } from '../backup/secure-planned.ts';
import { connectDriver } from '../connect-driver.ts';
import { secureBackup } from './secure-backup.ts';

function aStep(t: TestContext, changes: Partial<PlannedBackup> = {}) {
  const folder = temporaryFolder(t);
  const [media, stateDirectory] = [join(folder, 'media'), join(folder, 'state')];
  mkdirSync(media);
  mkdirSync(stateDirectory, { mode: 0o700 });
  writeFileSync(join(media, 'a.txt'), 'words');
  const backup: PlannedBackup = {
    ...{ name: 'media', driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
    configDigest: `sha256:${'0'.repeat(64)}`,
    ...changes,
  };
  const { context } = actionUnderTest(60_000);
  const told: string[] = [];
  let nowMs = Date.parse('2026-05-01T10:00:00Z');
  const step: ActionContext = {
    ...context,
    service: { ...context.service, backups: [backup] },
    environmentOf: () => Promise.resolve(packedConfig({ path: media })),
    work: {
      ...context.work,
      secureBackup: securePlannedFrom(
        openPlannedIn({
          connect: connectDriver([filesBackup]),
          agents: { stateDirectory },
          host: {},
          clock: { ...systemClock, wallMs: () => nowMs },
        }),
      ),
    },
    progress: (line) => told.push(line),
  };
  return {
    ...{ step, told, media },
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

function summaryOf(result: ActionResult): string {
  assert.equal(result.kind, 'ok');
  return result.evidence.summary;
}

test('where none is, one is taken and tried out, and the record names it by its digest', async (t) => {
  const { step, told } = aStep(t);

  const result = await secureBackup(step, 'media');

  assert.equal(
    summaryOf(result),
    '2026-05-01T10-00-00-000Z-d2 of media was taken and is verified.',
  );
  assert.equal(result.kind, 'ok');
  assert.equal(result.evidence.details?.['parts'], 1);
  assert.match(String(result.evidence.details['digest']), /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(told, [
    `${step.service.scope}/media: 2026-05-01T10-00-00-000Z-d2 is being taken`,
    `${step.service.scope}/media: 2026-05-01T10-00-00-000Z-d2 is being tried out`,
  ]);
});

test('one that is young enough is not taken again, an older one is', async (t) => {
  const { step, told, later } = aStep(t);
  await secureBackup(step, 'media');

  later(3_600_000);
  const again = summaryOf(await secureBackup(step, 'media'));
  later(1);
  const older = summaryOf(await secureBackup(step, 'media'));

  assert.match(again, /^2026-05-01T10-00-00-000Z-d2 of media, of .*, is verified since /);
  assert.equal(older, '2026-05-01T11-00-00-001Z-d2 of media was taken and is verified.');
  assert.equal(told.length, 4);
});

test('what a deployment changes itself is in a backup that it has taken itself, once', async (t) => {
  const { step, later } = aStep(t, { isOwn: true });
  const other = { ...step, plan: { ...step.plan, id: 'd22' as DeploymentId } };
  await secureBackup(step, 'media');

  later(1_000);
  const again = summaryOf(await secureBackup(step, 'media'));
  const ofAnother = summaryOf(await secureBackup(other, 'media'));

  assert.match(again, /^2026-05-01T10-00-00-000Z-d2 of media, of .*, is verified since /);
  assert.equal(ofAnother, '2026-05-01T10-00-01-000Z-d22 of media was taken and is verified.');
});

test('behind one that it has taken older ones go as the plan says, and what it has taken itself stays', async (t) => {
  const { step, told, later } = aStep(t, { isOwn: true, keep: { last: 1, days: 0 } });
  const other = { ...step, plan: { ...step.plan, id: 'd22' as DeploymentId } };
  await secureBackup(step, 'media');

  later(1_000);
  await secureBackup(other, 'media');
  later(1_000);
  const again = summaryOf(await secureBackup(other, 'media'));

  assert.match(again, /^2026-05-01T10-00-01-000Z-d22 of media, /);
  assert.deepEqual(
    told.filter((line) => line.includes('removed')),
    [
      `${step.service.scope}/media: 2026-05-01T10-00-00-000Z-d2 is not needed any more, and was removed`,
    ],
  );
});

test('one that holds less than it must secures nothing', async (t) => {
  const { step } = aStep(t, { partsMin: 2 });

  const result = await secureBackup(step, 'media');

  assert.equal(result.kind, 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['backup-not-verified', 'none']);
  assert.match(result.failure.message, /is not verified: parts: 1, where at least 2/);
  const again = await secureBackup(step, 'media');
  assert.equal(again.kind, 'failed');
});

test('what its application does not work on secures nothing', async (t) => {
  const { step, media } = aStep(t);
  const probe = {
    ...{ run: ['node', '-e', `console.log('no author'); process.exitCode = 4`, '{address}'] },
    ...{ environment: {}, directory: media, timeBoxMs: 60_000, secretValues: [] },
  };
  const packed = packedBackup({ config: { path: media }, store: undefined, probe });

  const result = await secureBackup(
    { ...step, environmentOf: () => Promise.resolve(packed) },
    'media',
  );

  assert.equal(result.kind, 'failed');
  assert.match(result.failure.message, /the application's probe: node ended with 4: no author/);
});

test('what comes first of all may have nothing to lose yet', async (t) => {
  const { step, media } = aStep(t);
  rmSync(join(media, 'a.txt'));
  const first = { ...step, service: { ...step.service, stable: null } };

  assert.equal((await secureBackup(step, 'media')).kind, 'failed');
  assert.match(summaryOf(await secureBackup(first, 'media')), /was taken and is verified/);
});

test('what cannot be read is tried again, and nothing is called secured', async (t) => {
  const { step, media } = aStep(t);
  rmSync(media, { recursive: true });

  await assert.rejects(secureBackup(step, 'media'), failsWith('backup-unverifiable'));
});
