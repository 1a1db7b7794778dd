import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { filesBackup } from '../../drivers/backup/files/driver.ts';
import type { Backup } from '../../drivers/contract.ts';
import { systemClock } from '../../platform/clock.ts';
import { folderBlobs } from '../../platform/folder-blobs.ts';
import type { BackupPlace } from './backup-files.ts';
import type { KeyRing, WrappingKey } from './key-ring.ts';
import { openVerification } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import { takeBackup, type BackupWork } from './take-backup.ts';
import { verifyBackup } from './verify-backup.ts';
import { readBlobText } from '../../platform/text-blobs.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const SOURCE = 'production/newsroom/media';
const asked = { partsMin: 1, probe: null };

function aKey(id: string): WrappingKey {
  return { id, key: randomBytes(32) };
}

/** Some files, kept by the real driver in a real folder. */
function aWork(t: TestContext, changes: Partial<BackupWork> = {}) {
  const folder = temporaryFolder(t);
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'a.txt'), 'secret-word '.repeat(4_000));
  writeFileSync(join(media, 'b.txt'), 'b');
  const kept = join(folder, 'kept');
  const work: BackupWork = {
    backup: filesBackup.connect({ path: media }, { stateDirectory: folder }),
    ...{ store: folderBlobs(kept), ring: { keys: [aKey('k1')] }, clock: systemClock },
    signal: new AbortController().signal,
    noted: (_place, doIt) => doIt(),
    using: (_place, doIt) => doIt(),
    ...changes,
  };
  const take = async (id: string, of = SOURCE): Promise<BackupPlace> => {
    await takeBackup(work, { id, source: of, driver: 'files' });
    return { id, source: of };
  };
  const pathOf = (id: string, file: string): string => join(kept, SOURCE, id, file);
  return { work, media, kept, take, pathOf };
}

test('what is taken is verified by restoring it, and stays so for who looks later', async (t) => {
  const { work, take } = aWork(t);
  const place = await take('b1');

  const { isPassed, criteria } = await verifyBackup(work, place, asked);

  assert.ok(isPassed, JSON.stringify(criteria));
  assert.equal(criteria.find(({ what }) => what === 'parts')?.observed, '2');
  const open = await openBackup(work, place);
  const text = await readBlobText(work.store, `${SOURCE}/b1/verification.json`);
  assert.equal(openVerification(text, open).isPassed, true);
});

test('nothing of what is backed up can be read where it is kept', async (t) => {
  const { take, kept } = aWork(t);
  await take('b1');

  for (const entry of readdirSync(kept, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    assert.doesNotMatch(readFileSync(join(entry.parentPath, entry.name), 'latin1'), /secret-word/);
  }
});

test('a driver that restores something else is found out, and so is an application that does not work on it', async (t) => {
  const { work, take, media } = aWork(t);
  const place = await take('b1');
  const other: Backup = {
    ...work.backup,
    async restore(content, context) {
      const restored = await work.backup.restore(content, context);
      appendFileSync(join(restored.address, 'b.txt'), 'c');
      return restored;
    },
  };
  const probe = () => Promise.resolve({ isPassed: false, observed: 'status 500', said: 'a' });

  const wrong = await verifyBackup({ ...work, backup: other }, place, asked);
  const useless = await verifyBackup(work, place, { ...asked, probe });

  assert.deepEqual([wrong.isPassed, useless.isPassed], [false, false]);
  assert.ok(wrong.criteria.some(({ observed }) => observed.includes('b.txt has 2, not 1')));
  assert.ok(existsSync(join(media, 'b.txt')));
});

test('a key can be replaced: what the old one wrapped is opened as long as it is there', async (t) => {
  const { work, take } = aWork(t);
  const place = await take('b1');
  const both: KeyRing = { keys: [aKey('k2'), ...work.ring.keys] };
  const withBoth = { ...work, ring: both };

  assert.ok((await verifyBackup(withBoth, place, asked)).isPassed);
  await takeBackup(withBoth, { id: 'b2', source: SOURCE, driver: 'files' });
  assert.equal((await openBackup(withBoth, { id: 'b2', source: SOURCE })).manifest.key.by, 'k2');
  await assert.rejects(
    verifyBackup(work, { id: 'b2', source: SOURCE }, asked),
    failsWith('backup-key-missing', /"k2", and there is k1/),
  );
  await assert.rejects(
    verifyBackup({ ...work, ring: { keys: [aKey('k1')] } }, place, asked),
    failsWith('backup-damaged', /"k1" is another key by now/),
  );
});

test('one that broke off is none, and nothing of it is left', async (t) => {
  const { work, media, kept } = aWork(t);
  rmSync(media, { recursive: true });

  await assert.rejects(
    takeBackup(work, { id: 'b1', source: SOURCE, driver: 'files' }),
    failsWith('backup-unverifiable', /cannot be read/),
  );

  assert.deepEqual(await work.store.list(''), []);
  assert.ok(!existsSync(join(kept, SOURCE, 'b1')));
});

test('a verification counts for the very backup that it is of, and cannot be put in another’s place', async (t) => {
  const { work, take } = aWork(t);
  const first = await take('b1');
  const second = await take('b2');
  await verifyBackup(work, first, asked);
  const text = await readBlobText(work.store, `${SOURCE}/b1/verification.json`);
  const openedFirst = await openBackup(work, first);

  assert.throws(
    () => openVerification(text.replace('"isPassed": true', '"isPassed": false'), openedFirst),
    failsWith('backup-damaged', /verification was changed/),
  );
  const openedSecond = await openBackup(work, second);
  assert.throws(() => openVerification(text, openedSecond), failsWith('backup-damaged'));
});
