import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { abandonNotes } from '../../../test/support/engine/a-backup-keeper.ts';
import { aLoggedKeeper, LOGGED_SOURCE } from '../../../test/support/engine/a-logged-keeper.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { pruneBackups } from './prune-backups.ts';
import { rekeyBackups } from './rekey-backups.ts';

/** One backup, and words behind it at three moments, of which the log is kept. */
async function aLog(t: TestContext) {
  const keeper = await aLoggedKeeper(t);
  const { server, copy, take } = keeper;
  await copy();
  server.write('before');
  await take('b1');
  const one = server.write('one');
  const two = server.write('two');
  await copy();
  const three = server.write('three');
  const { until } = await copy();
  const segmentsFolder = join(keeper.kept, 'log');
  return {
    ...{ ...keeper, one, two, three, until, segmentsFolder },
    segments: () => readdirSync(segmentsFolder).sort(),
  };
}

test('what was there at a moment is brought back with what had ended by then, itself included', async (t) => {
  const { wordsAt, one, two, three, list, until } = await aLog(t);

  assert.equal(await wordsAt(one), 'before one');
  assert.equal(await wordsAt(two), 'before one two');
  assert.equal(await wordsAt(new Date(Date.parse(three) - 1).toISOString()), 'before one two');
  assert.equal(await wordsAt(three), 'before one two three');
  const [listed] = await list();
  assert.ok(listed?.kind === 'readable');
  assert.equal(listed.logUntil, until);
});

test('the newest verified backup before a moment leads to it, and one that is not verified does not', async (t) => {
  const { wordsAt, server, take, copy, three, kept } = await aLog(t);
  await take('b3');
  await take('b4', { isVerified: false });
  const four = server.write('four');
  await copy();
  writeFileSync(join(kept, 'b4', 'content'), 'nobody has tried this one');

  assert.equal(await wordsAt(three), 'before one two three');
  // By b3 alone: of b1 nothing is there any more.
  rmSync(join(kept, 'b1', 'content'));
  assert.equal(await wordsAt(four), 'before one two three four');
  await assert.rejects(wordsAt(three), failsWith('backup-missing', /The oldest verified backup/));
});

test('a moment that nothing leads to is refused, with how far what is kept reaches', async (t) => {
  const { wordsAt, until, server } = await aLog(t);
  const early = '2026-05-01T10:00:00.000Z';

  await assert.rejects(
    wordsAt(early),
    failsWith('backup-missing', /nothing leads to 2026-05-01T10/),
  );
  for (const late of [until, server.write('late')]) {
    const says = new RegExp(`reaches only until ${until.replaceAll('.', '\\.')}`);
    await assert.rejects(wordsAt(late), failsWith('backup-missing', says));
  }
});

const DAMAGES: Readonly<Record<string, (folder: string, ids: readonly string[]) => void>> = {
  'is missing': (folder, [, , id = '']) => rmSync(join(folder, id), { recursive: true }),
  'has no content': (folder, [, , id = '']) => rmSync(join(folder, id, 'content')),
  'has a bit turned': (folder, [, , id = '']) => {
    const bytes = readFileSync(join(folder, id, 'content'));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(join(folder, id, 'content'), bytes);
  },
  'is cut off': (folder, [, , id = '']) => truncateSync(join(folder, id, 'content'), 60),
  'has the content of another': (folder, [, other = '', id = '']) =>
    cpSync(join(folder, other, 'content'), join(folder, id, 'content')),
  'is another by its name': (folder, [, other = '', id = '']) =>
    cpSync(join(folder, other), join(folder, id), { recursive: true }),
  'was changed beside its content': (folder, [, , id = '']) => {
    const path = join(folder, id, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('words 1', 'words 2'));
  },
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  test(`nothing is restored over a segment that ${what}`, async (t) => {
    const { wordsAt, three, one, segmentsFolder, segments } = await aLog(t);
    damage(segmentsFolder, segments());

    await assert.rejects(wordsAt(three), failsWith('backup-damaged'));
    // What lies before it is good.
    assert.equal(segments().length >= 3, true);
    assert.ok(one);
  });
}

test('a segment is followed as it is kept, and not as it was kept before', async (t) => {
  const { wordsAt, three, segmentsFolder, segments, folder, copy } = await aLog(t);
  const [, , id = '', ...later] = segments();
  const aside = join(folder, 'aside');
  cpSync(join(segmentsFolder, id), aside, { recursive: true });
  for (const gone of [id, ...later]) rmSync(join(segmentsFolder, gone), { recursive: true });
  await copy();
  assert.equal(await wordsAt(three), 'before one two three');
  cpSync(aside, join(segmentsFolder, id), { recursive: true });

  await assert.rejects(wordsAt(three), failsWith('backup-damaged', /does not follow/));
});

test('a segment of another Surefoot is none of these', async (t) => {
  const keeper = await aLog(t);
  const other = await aLog(t);
  const [, , id = ''] = keeper.segments();
  // Of another Surefoot, with another key.
  cpSync(join(other.segmentsFolder, id), join(keeper.segmentsFolder, id), { recursive: true });

  await assert.rejects(keeper.wordsAt(keeper.three), failsWith('backup-key-missing'));
});

test('what the server does not have any more is told until another backup is taken, and never passed over', async (t) => {
  const { wordsAt, server, copy, take, three, until, list } = await aLog(t);
  server.write('lost');
  server.write('lost too');
  server.write('and this');
  server.write('and that');
  server.write('not lost');
  server.forget();
  const lost = server.time();

  await assert.rejects(copy(), failsWith('backup-unverifiable', /Take another backup/));
  await assert.rejects(copy(), failsWith('backup-unverifiable', /is not there any more/));
  await take('b2');
  const five = server.write('five');
  const again = await copy();

  assert.equal(again.isNew, true);
  assert.match(await wordsAt(five), /lost and this and that not lost five|lost too/);
  assert.equal(await wordsAt(three), 'before one two three');
  await assert.rejects(wordsAt(lost), failsWith('backup-missing', new RegExp(until)));
  const untils = (await list()).map((backup) => backup.kind === 'readable' && backup.logUntil);
  assert.deepEqual(untils, [again.until, until]);
});

test('another server’s log is kept from its first backup on', async (t) => {
  const { server, copy, take, wordsAt } = await aLog(t);
  server.replace();
  server.write('new');

  await assert.rejects(copy(), failsWith('backup-unverifiable'));
  await take('b2');
  const at = server.write('newer');
  await copy();

  assert.equal(await wordsAt(at), 'new newer');
});

test('who is killed at any point while a segment is kept leaves none or all of it, and the next goes on', async (t) => {
  const { server, copy, folder, next, wordsAt, work, segments } = await aLog(t);
  const steps: readonly (readonly [path: string, isDone: boolean])[] = [
    ...([
      ['content', false],
      ['content', true],
      ['manifest.json', false],
    ] as const),
    ['manifest.json', true],
  ];
  let last = '';
  for (const [index, [file, isDone]] of steps.entries()) {
    last = server.write(`word${index}`);
    const never = new Promise<never>(() => undefined);
    const reached = new Promise<void>((resolve) => {
      const store = {
        ...work.store,
        async put(path: string, content: AsyncIterable<Uint8Array>) {
          if (!path.endsWith(file)) return work.store.put(path, content);
          if (isDone) await work.store.put(path, content);
          resolve();
          return never;
        },
      };
      const alone = <Result>(doIt: () => Promise<Result>) => doIt();
      void copy({ ...work, store, loggingAlone: alone });
    });
    await reached;
    abandonNotes(join(folder, 'storing'));
    const before = server.released();
    const { isNew } = await copy(await next());

    assert.equal(isNew, false);
    assert.ok(server.released() > before, 'what is kept is released');
  }

  assert.equal(await wordsAt(last), 'before one two three word0 word1 word2 word3');
  assert.ok(segments().length > 6);
  assert.deepEqual(
    readdirSync(join(folder, 'storing')).filter((name) => name.endsWith('.json')),
    [],
  );
});

test('what no kept backup needs of the log goes with the backups that do not stay, and nothing else', async (t) => {
  const { server, copy, take, work, wordsAt, segments, three, kept } = await aLog(t);
  const all = segments();
  await pruneBackups(work, { source: LOGGED_SOURCE, keep: { last: 1, days: 0 } });
  const withFirst = segments();
  assert.equal(await wordsAt(three), 'before one two three');
  await take('b2');
  const four = server.write('four');
  await copy();
  const manifest = join(kept, 'b1', 'manifest.json');
  const text = readFileSync(manifest, 'utf8');
  const before = segments();
  writeFileSync(manifest, 'none');
  await pruneBackups(work, { source: LOGGED_SOURCE, keep: { last: 1, days: 0 } });
  assert.deepEqual(segments(), before, 'nobody knows what one needs that cannot be read');
  writeFileSync(manifest, text);

  await pruneBackups(work, { source: LOGGED_SOURCE, keep: { last: 1, days: 0 } });

  assert.ok(withFirst.length < all.length);
  assert.ok(segments().length < withFirst.length);
  assert.equal(await wordsAt(four), 'before one two three four');
});

test('segments open by a new key like backups, and those of a key that is gone are followed by nothing', async (t) => {
  const { folder, next, wordsAt, three, work, copy, server, take } = await aLog(t);
  const key = randomBytes(32).toString('hex');
  const rekeying = await next({ SUREFOOT_BACKUP_KEYS: key });
  const rekeyed = await rekeyBackups(rekeying, `${LOGGED_SOURCE}/log`);
  await rekeyBackups(rekeying, LOGGED_SOURCE);
  writeFileSync(join(folder, 'backup.key'), `${randomBytes(32).toString('hex')}\n`);
  const other = await next({});

  assert.ok(rekeyed.length > 0 && rekeyed.every(({ kind }) => kind === 'rewrapped'));
  assert.equal(
    await wordsAt(three, await next({ SUREFOOT_BACKUP_KEYS: key })),
    'before one two three',
  );
  await assert.rejects(copy(other), failsWith('backup-unverifiable'));
  await take('b2', { by: other });
  const four = server.write('four');
  await copy(other);
  assert.equal(await wordsAt(four, other), 'before one two three four');
  assert.ok(work);
});
