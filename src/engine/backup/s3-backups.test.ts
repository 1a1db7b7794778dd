/** Backups that a service keeps which speaks S3: what the store is for, and what of it stays on the machine. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  abandonNotes,
  aBackupKeeper,
  KEPT_SOURCE as SOURCE,
} from '../../../test/support/engine/a-backup-keeper.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import type { S3Question } from '../../../test/support/s3/s3-bucket.ts';
import { startS3, type S3Service } from '../../../test/support/s3/start-s3.ts';
import { scopeOf } from '../../core/model/ids.ts';
import { filesBackup } from '../../drivers/backup/files/driver.ts';
import { canonicalDigest } from '../../platform/canonical-digest.ts';
import { systemClock } from '../../platform/clock.ts';
import { s3Blobs } from '../../platform/s3-blobs.ts';
import { connectDriver } from '../connect-driver.ts';
import { KEYS_VARIABLE } from './configured-keys.ts';
import { openPlannedIn } from './open-planned.ts';
import { packedBackup, packedConfig } from './pack-config.ts';
import { pruneBackups } from './prune-backups.ts';
import { rekeyBackups } from './rekey-backups.ts';
import { securePlannedFrom } from './secure-planned.ts';
import { takeBackup } from './take-backup.ts';

const [KEY, NEW] = ['1'.repeat(64), '2'.repeat(64)];

function hostOf({ credentials }: S3Service, keys = KEY): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    [KEYS_VARIABLE]: keys,
  };
}

async function aKeeper(t: TestContext) {
  const service = await startS3(t, { prefix: 'production' });
  const keeper = await aBackupKeeper(t, hostOf(service), service.place);
  const states = async (by = keeper.work) =>
    (await keeper.list(by)).map((each) => [
      each.id,
      each.kind === 'readable' ? each.state : each.kind,
    ]);
  return { ...keeper, service, states, keys: () => [...service.bucket.objects.keys()].sort() };
}

const isManifest = ({ method, key }: S3Question): boolean =>
  method === 'PUT' && key.endsWith('/manifest.json');

test('what is taken is there alone, is verified from there, and goes by the rules of retention', async (t) => {
  const { work, folder, take, states, keys, next } = await aKeeper(t);
  await take('b1');
  await take('b2');
  await take('b3', { isVerified: false });

  const pruned = await pruneBackups(work, { source: SOURCE, keep: { last: 1, days: 1 } });

  assert.deepEqual(
    pruned.map(({ id, kind }) => [id, kind]),
    [
      ['b3', 'stays'],
      ['b2', 'stays'],
      ['b1', 'goes'],
    ],
  );
  assert.deepEqual(await states(await next()), [
    ['b3', 'TAKEN'],
    ['b2', 'VERIFIED'],
  ]);
  assert.deepEqual(
    keys(),
    [
      'b2/content',
      'b2/manifest.json',
      'b2/verification.json',
      'b3/content',
      'b3/manifest.json',
    ].map((path) => `production/${SOURCE}/${path}`),
  );
  assert.ok(!existsSync(join(folder, 'backups')));
});

test('a key is replaced there, too, and content stays as it is', async (t) => {
  const { take, service, next, states } = await aKeeper(t);
  await take('b1');
  const asked = service.asked.length;

  const rekeyed = await rekeyBackups(await next(hostOf(service, `${NEW},${KEY}`)), SOURCE);

  assert.deepEqual(
    rekeyed.map(({ kind }) => kind),
    ['rewrapped'],
  );
  assert.deepEqual(await states(await next(hostOf(service, NEW))), [['b1', 'VERIFIED']]);
  const puts = service.asked.slice(asked).filter((each) => each.startsWith('PUT'));
  assert.deepEqual(puts, [`PUT production/${SOURCE}/b1/manifest.json`]);
});

test('what a killed one has left there is cleared from there, whatever store is named by then', async (t) => {
  const { folder, service, work, keys, next } = await aKeeper(t);
  const killed = new Error('killed');
  const put: typeof work.store.put = async (path, content) => {
    await work.store.put(path, content);
    throw killed;
  };
  const remove = () => Promise.reject(killed);
  const dying = { ...work, store: { ...work.store, put, remove } };
  await assert.rejects(takeBackup(dying, { source: SOURCE, id: 'b1', driver: 'files' }), /killed/);
  assert.deepEqual(keys(), [`production/${SOURCE}/b1/content`]);
  service.bucket.answer({
    ...{ method: 'POST', key: `production/${SOURCE}/b1/content`, headers: {} },
    ...{ query: new URLSearchParams('uploads='), body: Buffer.alloc(0) },
  });
  const notes = join(folder, 'storing');
  assert.equal(readdirSync(notes).filter((name) => name.endsWith('.json')).length, 1);
  await next();
  assert.equal(keys().length, 1);

  abandonNotes(notes);
  const elsewhere = await aBackupKeeper(t, hostOf(service), null, folder);
  await elsewhere.list();

  assert.deepEqual([keys(), service.bucket.uploads.size], [[], 0]);
  assert.deepEqual(
    readdirSync(notes).filter((name) => name.endsWith('.json')),
    [],
  );
});

test('a manifest whose answer is lost is none when its backup is told to have failed', async (t) => {
  const { work, service, states, keys } = await aKeeper(t);
  const { place, credentials } = service;
  const limits = { attemptsMax: 1 };
  const store = s3Blobs(place, { credentials, clock: systemClock, limits });
  service.setFault((question) => (isManifest(question) ? { kind: 'cut', isDone: true } : null));

  await assert.rejects(
    takeBackup({ ...work, store }, { source: SOURCE, id: 'b1', driver: 'files' }),
    failsWith('backup-store-unreachable', /cannot put ".*b1\/manifest\.json"/),
  );

  assert.deepEqual([await states(), keys()], [[], []]);
  service.setFault(({ method }) => (method === 'GET' ? null : { kind: 'cut', isDone: false }));
  await assert.rejects(
    takeBackup({ ...work, store }, { source: SOURCE, id: 'b2', driver: 'files' }),
    failsWith('backup-store-unreachable', /cannot put ".*b2\/content"/),
  );
});

test('a machine with another key sees what others keep in its place, and removes none of it', async (t) => {
  const { service, take, keys } = await aKeeper(t);
  await take('b1');
  const other = await aBackupKeeper(t, hostOf(service, NEW), service.place);
  await other.take('b2');

  const pruned = await pruneBackups(other.work, { source: SOURCE, keep: { last: 1, days: 0 } });

  assert.deepEqual(
    pruned.map(({ id, kind }) => [id, kind]),
    [
      ['b2', 'stays'],
      ['b1', 'unreadable'],
    ],
  );
  assert.ok(keys().includes(`production/${SOURCE}/b1/content`));
});

test('a plan’s backup goes where the plan says, and the digest that it names says where', async (t) => {
  const { folder, service, keys } = await aKeeper(t);
  const config = { path: join(folder, 'media') };
  const packed = packedBackup({ config, store: service.place });
  const configDigest = canonicalDigest(packed);
  const surroundings = {
    ...{ connect: connectDriver([filesBackup]), agents: { stateDirectory: folder } },
    ...{ host: hostOf(service), clock: systemClock },
  };

  const secured = await securePlannedFrom(openPlannedIn(surroundings))({
    ...{ scope: scopeOf('production', 'newsroom'), by: 'd1', packed },
    backup: {
      ...{ name: 'media', driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
      configDigest,
    },
    ...{ signal: new AbortController().signal, progress: () => undefined },
  });

  assert.equal(secured.kind, 'taken');
  assert.ok(keys().every((key) => key.startsWith(`production/${SOURCE}/`)));
  assert.equal(keys().length, 3);
  const without = packedBackup({ config, store: undefined });
  assert.deepEqual(without, packedConfig(config));
  assert.notEqual(canonicalDigest(without), configDigest);
});
