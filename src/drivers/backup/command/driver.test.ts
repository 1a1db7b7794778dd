import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { identifyProcess, isSameProcess } from '../../../platform/process-identity.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import type { Backup } from '../../contract.ts';
import type { CommandConfig } from './config.ts';
import { commandBackup } from './driver.ts';

const context = { signal: new AbortController().signal };

/** A line for each file of the folder that is the first word. */
const LIST = `for file in "$1"/*; do
  set -- "$1" "$(wc -c <"$file")" "$(cksum <"$file" | cut -d ' ' -f 1)"
  printf '{"name":"%s","size":%d,"hash":"%s"}\\n' "$(basename "$file")" "$2" "$3"
done`;

interface Subject {
  readonly folder: string;
  readonly backupWith: (changes?: Partial<CommandConfig>) => Backup;
}

function aFolder(t: TestContext): Subject {
  const state = temporaryFolder(t);
  const folder = join(state, 'live');
  mkdirSync(folder);
  writeFileSync(join(folder, 'orders'), 'ten\n'.repeat(30_000));
  writeFileSync(join(folder, 'people'), 'two\n');
  const given: CommandConfig = {
    take: ['sh', '-c', `(${LIST}) >"$2"; tar -cf - -C "$1" .`, 'sh', folder, '{parts}'],
    restore: ['tar', '-xf', '-', '-C', '{folder}'],
    list: ['sh', '-c', LIST, 'sh', '{folder}'],
  };
  const backupWith = (changes = {}): Backup =>
    commandBackup.connect({ ...given, ...changes }, { stateDirectory: state });
  return { folder, backupWith };
}

const leftovers = (): Promise<readonly string[]> =>
  Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-command-')));

describeBackup('command', (t) => {
  const { folder, backupWith } = aFolder(t);
  const change = async (): Promise<void> => {
    await Promise.resolve();
    appendFileSync(join(folder, 'people'), 'three\n');
  };
  return Promise.resolve({ backup: backupWith(), change, leftovers });
});

test('command: a word in braces that names no place stays as it is', async (t) => {
  const words = ['{constructor}', '{unknown}'];
  const take = ['sh', '-c', 'echo "$*" >&2; exit 3', 'sh', ...words];

  const taken = aFolder(t).backupWith({ take }).take(context);

  await assert.rejects(taken, failsWith('backup-unverifiable', /\{constructor\} \{unknown\}/));
});

const part = `echo '{"name":"a","size":1,"hash":"1"}' >"$0"`;
const broken: readonly (readonly [string, RegExp])[] = [
  [`${part}; echo half; echo no room >&2; exit 3`, /sh ended with 3:\nno room/],
  [`${part}; echo half; kill -9 $$`, /sh was killed by SIGKILL/],
  [part, /wrote nothing/],
  ['echo content', /ENOENT/],
  [': >"$0"; echo content', /wrote no part/],
  [`echo a >"$0"; echo content`, /"a" is no part/],
  [`echo '{"name":"a","size":-1,"hash":"1"}' >"$0"; echo content`, /is no part/],
  [`${part}; cat "$0" "$0" >"$0.2"; mv "$0.2" "$0"; echo content`, /"a" is there twice/],
];

test('command: a program that fails, is killed or says nothing of use takes none', async (t) => {
  const { backupWith } = aFolder(t);
  const before = await leftovers();
  for (const [script, says] of broken) {
    const backup = backupWith({ take: ['sh', '-c', script, '{parts}'] });
    await assert.rejects(backup.take(context), failsWith('backup-unverifiable', says), script);
  }
  const nowhere = backupWith({ take: ['no-such-program', '{parts}'] });
  await assert.rejects(nowhere.take(context), failsWith('command-not-executable'));
  assert.deepEqual(await leftovers(), before);
});

test('command: what is restored must be listed, by a program that ends well', async (t) => {
  const { backupWith } = aFolder(t);
  for (const [script, says] of [
    ['echo no index >&2; exit 1', /sh ended with 1:\nno index/],
    ['echo none', /"none" is no part/],
  ] as const) {
    const backup = backupWith({ list: ['sh', '-c', script] });
    const { content, close } = await backup.take(context);
    const restored = await backup.restore(content, context);
    t.after(() => restored.remove());
    await close();

    await assert.rejects(restored.parts(), failsWith('backup-damaged', says));
  }
});

test('command: what it is given is in its environment, and nothing else of ours', async (t) => {
  const { backupWith, folder } = aFolder(t);
  process.env['SUREFOOT_TEST_SECRET'] = 'ours';
  t.after(() => delete process.env['SUREFOOT_TEST_SECRET']);
  const take = ['sh', '-c', `env >"$1/env"; ${part}; echo content`, '{parts}', folder];
  const backup = backupWith({ take, environment: { TOKEN: 'given' } });

  await (await backup.take(context)).close();

  const seen = readFileSync(join(folder, 'env'), 'utf8');
  assert.match(seen, /^TOKEN=given$/m);
  assert.doesNotMatch(seen, /ours/);
});

test('command: when it is told to end, all that it has started ends', async (t) => {
  const { backupWith, folder } = aFolder(t);
  const before = await leftovers();
  const started = join(folder, 'started');
  const script = `sleep 600 & echo $! >"$1.new"; mv "$1.new" "$1"; wait`;
  const backup = backupWith({ take: ['sh', '-c', script, '{parts}', started] });
  const ending = new AbortController();
  const taking = assert.rejects(backup.take({ signal: ending.signal }), /too late/);
  while (!readdirSync(folder).includes('started')) await new Promise(setImmediate);
  const sleeper = await identifyProcess(Number(readFileSync(started, 'utf8')));
  assert.ok(sleeper);
  ending.abort(new Error('too late'));

  await taking;

  assert.equal(await isSameProcess(sleeper), false);
  assert.deepEqual(await leftovers(), before);
});

test('command: a program that is not told where is refused before it runs', () => {
  const given = { take: ['a'], restore: ['b'], list: ['c'] };
  const { error } = commandBackup.config.safeParse(given);

  assert.deepEqual(
    error?.issues.map(({ path }) => path),
    [['take'], ['restore']],
  );
});

test('command: its own programs put it in its place, and back', async (t) => {
  const { backupWith, folder } = aFolder(t);
  const kept = `${folder}-before-$2`;
  const backup = backupWith({
    switch: [
      'sh',
      '-ec',
      `mv "${folder}" "${kept}"; mv "$1" "${folder}"`,
      'sh',
      '{folder}',
      '{id}',
    ],
    back: ['sh', '-ec', `rm -r "${folder}"; mv "${folder}-before-$1" "${folder}"`, 'sh', '{id}'],
  });
  const taken = await backup.take(context);
  const { switching: own } = backup;
  assert.ok(own);
  const live = () => readFileSync(join(folder, 'people'), 'utf8');
  writeFileSync(join(folder, 'people'), 'three\n');

  const beside = await own.restoreBeside(taken.content, 'b1', context);
  await taken.close();
  assert.deepEqual([(await beside.parts()).length, live()], [2, 'three\n']);
  await beside.switchIn({ ...context, endSessions: false });
  assert.equal(live(), 'two\n');
  await own.back('b1', { ...context, endSessions: false });

  assert.equal(live(), 'three\n');
  assert.deepEqual(await leftovers(), []);
});

test('command: without a program of its own it is not switched, and one that fails says why', async (t) => {
  const { backupWith } = aFolder(t);
  assert.equal(backupWith().switching, undefined);
  const { switching: own } = backupWith({
    switch: ['sh', '-c', 'echo no such place >&2; exit 1', '{folder}', '{id}'],
  });
  assert.ok(own);
  const taken = await backupWith().take(context);
  t.after(() => taken.close());
  const beside = await own.restoreBeside(taken.content, 'b1', context);
  t.after(() => beside.remove());
  const unforced = { ...context, endSessions: false };

  await assert.rejects(beside.switchIn(unforced), failsWith('not-switched', /no such place/));
  await assert.rejects(own.back('b1', unforced), failsWith('not-switched', /No `back`/));
});
