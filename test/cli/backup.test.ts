import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

/** A service that keeps two files. */
function aKeeper(t: TestContext, backups?: string) {
  const folder = aProject(t);
  const media = join(folder, 'media');
  mkdirSync(media);
  writeFileSync(join(media, 'a.jpg'), 'a'.repeat(1_000));
  writeFileSync(join(media, 'b.jpg'), 'b');
  const declared = backups ?? `media: { driver: files, path: ${media}, age: 24h, parts: 2 }`;
  appendFileSync(join(folder, 'surefoot.yaml'), `    backups:\n      ${declared}\n`);
  const run = (...args: readonly string[]) => runCommand(['backup', ...args], { cwd: folder });
  const kept = join(folder, '.surefoot/backups/production/newsroom/media');
  return { folder, media, run, kept };
}

async function idOf(run: ReturnType<typeof aKeeper>['run']): Promise<string> {
  const { out } = await run('list', '--json');
  const { backups } = JSON.parse(out) as { backups: readonly { id: string }[] };
  return backups[0]?.id ?? '';
}

test('what is taken is verified, listed, and brought back beside what is there', async (t) => {
  const { media, run } = aKeeper(t);

  const taken = await run('take');
  const listed = await run('list');
  writeFileSync(join(media, 'b.jpg'), 'lost');
  const restored = await run('restore', await idOf(run), '--json');

  assert.equal(taken.code, 0, taken.err);
  assert.match(
    taken.out,
    /✓ parts: 2 \(at least 2\)[^]*production\/newsroom\/media: \S+ is VERIFIED\./,
  );
  assert.match(taken.err, /A key for backups was made: .*backup\.key\. Keep a copy/);
  assert.match(listed.out, /BACKUP +STATE[^]*VERIFIED/);
  const { address } = JSON.parse(restored.out) as { address: string };
  t.after(() => rmSync(address, { recursive: true }));
  assert.deepEqual(readdirSync(address).sort(), ['a.jpg', 'b.jpg']);
  assert.equal(readFileSync(join(address, 'b.jpg'), 'utf8'), 'b');
  assert.equal(readFileSync(join(media, 'b.jpg'), 'utf8'), 'lost');
});

test('without a name all that are declared are listed, and those that have none are named', async (t) => {
  const { run, folder, media } = aKeeper(
    t,
    [
      'media: { driver: files, path: MEDIA, age: 24h }',
      '      more: { driver: files, path: /nowhere, age: 1h }',
    ].join('\n'),
  );
  const config = join(folder, 'surefoot.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('MEDIA', media));
  await run('take', 'media');

  const [said, asJson] = [await run('list'), await run('list', '--json')];
  const [one] = [await run('list', 'more', '--json')];

  assert.equal(said.code, 0, said.err);
  const take = 'surefoot backup take more --service newsroom --environment production';
  const [title, header, row, between, none] = said.out.split('\n');
  assert.equal(title, 'production/newsroom/media (files, counts for 1 d)');
  assert.match(header ?? '', /^BACKUP +STATE +TAKEN +VERIFIED +COUNTS UNTIL +PARTS +SIZE +KEY$/);
  assert.match(
    row ?? '',
    /^\S+ +VERIFIED( +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ){3} +2 +[.\d]+ \S+ +\S+$/,
  );
  assert.equal(between, '');
  assert.equal(none, `production/newsroom/more (files, counts for 1 h): none. Take one: ${take}`);
  const { declared, backups } = JSON.parse(asJson.out) as ListAnswer;
  assert.deepEqual(
    declared.map(({ source, kept, verified }) => [source, kept, verified]),
    [
      ['production/newsroom/media', 1, 1],
      ['production/newsroom/more', 0, 0],
    ],
  );
  const [backup] = backups;
  assert.equal(backup?.source, 'production/newsroom/media');
  assert.equal(Date.parse(backup.countsUntil) - Date.parse(backup.manifest.takenAt), 86_400_000);
  assert.deepEqual(
    (JSON.parse(one.out) as ListAnswer).declared.map(({ source }) => source),
    ['production/newsroom/more'],
  );
});

interface ListAnswer {
  readonly declared: readonly {
    readonly source: string;
    readonly kept: number;
    readonly verified: number;
  }[];
  readonly backups: readonly {
    readonly source: string;
    readonly countsUntil: string;
    readonly said: string | null;
    readonly criteria: readonly { readonly state: string }[];
    readonly manifest: { readonly takenAt: string };
  }[];
}

test('what was restored is removed by the command that restoring has printed, and nothing else is', async (t) => {
  const { run, folder, media } = aKeeper(t);
  await run('take');
  const restored = await run('restore', await idOf(run));
  const place = /When you need it no more: surefoot backup discard (\S+)\n/.exec(restored.out)?.[1];
  assert.ok(place !== undefined && existsSync(place), restored.out);

  const listed = await run('discard', '--json');
  const refused = [await run('discard', media, '--yes'), await run('discard', place)];
  const left = existsSync(place);
  const removed = await run('discard', place, '--yes');
  const again = await run('discard', place, '--yes');

  const { restored: known } = JSON.parse(listed.out) as { restored: readonly { place: string }[] };
  assert.deepEqual(
    known.map((each) => each.place),
    [place],
  );
  assert.deepEqual(
    refused.map(({ code }) => code),
    [2, 2],
  );
  assert.match(refused[0]?.err ?? '', /Nothing was restored in ".*media"; there is: \/.*surefoot-/);
  assert.match(refused[1]?.err ?? '', /type: surefoot backup discard \S+ --yes/);
  assert.deepEqual([left, removed.code, existsSync(place)], [true, 0, false]);
  assert.equal(again.code, 2);
  assert.match((await run('discard')).out, /^Nothing that was restored is kept\.\n$/);
  assert.ok(existsSync(media) && existsSync(join(folder, '.surefoot/backups')));
});

test('an application that does not work on what was restored keeps it from being VERIFIED', async (t) => {
  const { run, folder, media } = aKeeper(t);
  const config = join(folder, 'surefoot.yaml');
  const verify = `verify: { run: [node, probe.mjs], env: { MEDIA: '{address}' } }`;
  writeFileSync(config, readFileSync(config, 'utf8').replace('parts: 2', `parts: 2, ${verify}`));
  const look = `import { readdirSync } from 'node:fs';
    const found = readdirSync(process.env.MEDIA).length;
    console.log(\`\${found} pictures\`);
    process.exitCode = found === 3 ? 0 : 5;`;
  writeFileSync(join(folder, 'probe.mjs'), look);

  const failed = await run('take');
  writeFileSync(join(media, 'c.jpg'), 'c');
  const passed = await run('take');
  const { backups } = JSON.parse((await run('list', '--json')).out) as ListAnswer;

  assert.equal(failed.code, 3);
  assert.match(
    failed.out,
    /✗ the application's probe: node ended with 5: 2 pictures[^]* is FAILED/,
  );
  assert.equal(passed.code, 0, passed.out + passed.err);
  assert.match(passed.out, /✓ the application's probe: node ended with 0: 3 pictures/);
  assert.deepEqual(
    backups.map(({ said, criteria }) => [said, criteria.at(-1)?.state]),
    [
      ['3 pictures', 'met'],
      ['2 pictures', 'unmet'],
    ],
  );
});

test('one that was changed is never VERIFIED again, and cannot be brought back', async (t) => {
  const { run, kept } = aKeeper(t);
  await run('take');
  const id = await idOf(run);
  appendFileSync(join(kept, id, 'content'), 'x');

  const verified = await run('verify', id);
  const restored = await run('restore', id);
  const listed = await run('list');

  assert.equal(verified.code, 3);
  assert.match(verified.out, /✗ it can be restored: [^]* is FAILED\./);
  assert.deepEqual([restored.code, restored.out], [3, '']);
  assert.match(restored.err, /code: backup-damaged/);
  assert.match(listed.out, /: none that counts\. Take one: surefoot backup take media [^]*FAILED/);
});

test('without its key a backup is told as unreadable, and why', async (t) => {
  const { folder, run } = aKeeper(t);
  await run('take');
  const key = join(folder, '.surefoot/backup.key');
  assert.equal(statSync(key).mode & 0o777, 0o600);
  rmSync(key);

  const listed = await run('list');

  assert.match(listed.out, /UNREADABLE +It was encrypted by the key/);
});

test('one with fewer parts than it must have is not verified', async (t) => {
  const { media, run } = aKeeper(t);
  rmSync(join(media, 'b.jpg'));

  const { code, out } = await run('take');

  assert.equal(code, 3);
  assert.match(out, /✗ parts: 1 \(at least 2\)[^]*FAILED/);
});

test('what cannot be meant is refused before anything is touched', async (t) => {
  const { folder, run } = aKeeper(t);
  const without = aProject(t);
  const broken = aKeeper(t);
  await broken.run('list');
  writeFileSync(join(broken.folder, '.surefoot/backup.key'), 'short');

  const answers = {
    'There is no backup "media2"; declared are: media.': await run('take', 'media2'),
    'newsroom declares no backups': await runCommand(['backup', 'list'], { cwd: without }),
    'is no key: it must hold 64 hexadecimal digits': await broken.run('take'),
    'is not there.': await run('verify', 'b1'),
  };

  for (const [says, { code, err }] of Object.entries(answers)) {
    assert.equal(code, 2, `${says} ${err}`);
    assert.ok(err.includes(says), err);
  }
  assert.ok(!existsSync(join(folder, '.surefoot/backups')));
});

test('what is kept too long goes behind the next that is verified, and by itself when asked', async (t) => {
  const { folder, media, run } = aKeeper(t);
  const path = join(folder, 'surefoot.yaml');
  await run('take');
  const first = await idOf(run);
  const without = await run('prune');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('parts: 2', 'parts: 2, keep: { last: 1, days: 0 }'),
  );

  const alone = await run('prune');
  const second = await run('take');
  const planned = await run('prune', '--dry-run', '--json');

  assert.deepEqual([without.code, alone.code, second.code], [2, 0, 0]);
  assert.match(
    without.err,
    /All of production\/newsroom\/media is kept; services\.newsroom\.backups\.media\.keep says/,
  );
  assert.match(alone.out, /stays +it is the last verified/);
  assert.ok(second.err.includes(`${first} is not needed any more, and was removed.`), second.err);
  const { backups } = JSON.parse(planned.out) as { backups: readonly unknown[] };
  assert.deepEqual(backups, [
    { id: await idOf(run), kind: 'stays', as: 'among the last verified' },
  ]);
  assert.ok(existsSync(media));
});

test('a dry run says what would go, and removes nothing', async (t) => {
  const { folder, run } = aKeeper(t);
  await run('take');
  await run('take');
  const path = join(folder, 'surefoot.yaml');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('parts: 2', 'parts: 2, keep: { last: 1, days: 0 }'),
  );

  const dry = await run('prune', '--dry-run');
  const done = await run('prune');
  const again = await run('prune');

  assert.match(dry.out, /would go +it is older than 0 days, and newer ones are verified/);
  assert.match(done.out, /removed +it is older/);
  assert.doesNotMatch(again.out, /removed/);
});

test('a key is replaced: all is wrapped by the new one, and it says when nobody needs the old one', async (t) => {
  const { folder, run } = aKeeper(t);
  await run('take');
  const id = await idOf(run);
  const path = join(folder, '.surefoot/backup.key');
  const old = readFileSync(path, 'utf8');
  const newer = `${'5e'.repeat(32)}\n`;
  writeFileSync(path, `${newer}${old}`);

  const rekeyed = await run('rekey');
  writeFileSync(path, newer);
  const verified = await run('verify', id);
  writeFileSync(path, old);
  const without = await run('rekey');

  assert.equal(rekeyed.code, 0, rekeyed.err);
  assert.match(rekeyed.out, /1 backup opened by an older key and by \S+ now; 0 did before\./);
  assert.match(rekeyed.out, /No backup that is kept here needs the key \S+ any more\./);
  assert.equal(verified.code, 0, verified.err);
  assert.equal(without.code, 3);
  assert.match(without.out, /cannot be read, and is as it was: It was encrypted by the key/);
});

test('keys come from the environment, too', async (t) => {
  const { folder, run } = aKeeper(t);
  const withKeys = (keys: string) =>
    runCommand(['backup', 'take'], { cwd: folder, env: { SUREFOOT_BACKUP_KEYS: keys } });

  const bad = await withKeys('5e');
  const taken = await withKeys('5e'.repeat(32));
  const listed = await run('list');

  assert.equal(bad.code, 2);
  assert.match(bad.err, /Entry 1 of SUREFOOT_BACKUP_KEYS is no key/);
  assert.equal(taken.code, 0, taken.err);
  assert.doesNotMatch(taken.err, /A key for backups was made/);
  assert.match(listed.out, /UNREADABLE +It was encrypted by the key/);
});
