import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aBackupKeeper, KEPT_SOURCE } from '../../../test/support/engine/a-backup-keeper.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { until } from '../../../test/support/until.ts';
import type { BackupProbe } from '../../core/backup/backup-probe.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { identifyProcess, isSameProcess } from '../../platform/process-identity.ts';
import { probesRestored } from './probe-restored.ts';
import { verifyBackup } from './verify-backup.ts';

/** Who keeps a folder with one file, of which one backup is taken and not tried out. */
async function aProbed(t: TestContext) {
  const keeper = await aBackupKeeper(t);
  const { work, folder } = keeper;
  await keeper.take('b1', { isVerified: false });
  const verify = (
    script: string,
    changes: Partial<BackupProbe> = {},
    {
      clock = systemClock,
      signal = work.signal,
      partsMin = 1,
    }: { clock?: Clock; signal?: AbortSignal; partsMin?: number } = {},
  ) => {
    const probe: BackupProbe = {
      ...{ run: ['node', '-e', script, '{address}'], environment: {}, directory: folder },
      ...{ timeBoxMs: 60_000, secretValues: [], ...changes },
    };
    const host = { PATH: process.env['PATH'], SUREFOOT_BACKUP_KEYS: 'ours' };
    const asks = probesRestored(probe, { config: {}, host, clock, signal });
    return verifyBackup(work, { source: KEPT_SOURCE, id: 'b1' }, { partsMin, probe: asks });
  };
  const listed = async () => {
    const [backup] = await keeper.list();
    assert.equal(backup?.kind, 'readable');
    return backup;
  };
  const live = (): string => readFileSync(join(folder, 'media/a.txt'), 'utf8');
  return { ...keeper, verify, listed, live };
}

const restoredFolders = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-files-'));

const LOOKS = `const text = require('node:fs').readFileSync(process.argv[1] + '/a.txt', 'utf8');`;

test('an application that works on what was restored makes it VERIFIED, and its words are kept', async (t) => {
  const { verify, listed } = await aProbed(t);

  const { isPassed } = await verify(`${LOOKS} console.log('has ' + text)`);

  assert.ok(isPassed);
  const { state, criteria, said } = await listed();
  assert.deepEqual([state, said], ['VERIFIED', 'has words']);
  assert.deepEqual(criteria.at(-1), {
    ...{ what: "the application's probe", observed: 'node ended with 0: has words' },
    ...{ limit: 'ends with 0', state: 'met' },
  });
});

test('one that does not makes it FAILED with its code and last words, and changes nothing that is live', async (t) => {
  const { verify, listed, live } = await aProbed(t);
  const before = restoredFolders();
  const writes = `require('node:fs').writeFileSync(process.argv[1] + '/a.txt', 'changed');`;

  const { isPassed, criteria } = await verify(
    `${writes} console.log('looking'); console.error('no author'); process.exitCode = 7`,
  );

  assert.equal(isPassed, false);
  const observed = criteria.at(-1)?.observed ?? '';
  assert.match(observed, /^node ended with 7: /);
  for (const words of ['looking', 'no author']) assert.ok(observed.includes(words), observed);
  assert.equal((await listed()).state, 'FAILED');
  assert.equal(live(), 'words');
  assert.deepEqual(restoredFolders(), before);
});

test('an application that changes what it is asked about does not make the backup another', async (t) => {
  const { verify } = await aProbed(t);
  const writes = `require('node:fs').writeFileSync(process.argv[1] + '/a.txt', 'changed');`;

  assert.ok((await verify(writes)).isPassed);
});

test('one that hangs is ended with all that it has started when its time is over', async (t) => {
  const { verify, listed, folder, live } = await aProbed(t);
  const [time, started] = [new AbortController(), join(folder, 'started')];
  const clock: Clock = {
    ...systemClock,
    deadline: (ms) =>
      ms === 90_000
        ? { ...systemClock.deadline(Infinity), signal: time.signal, hasPassed: () => true }
        : systemClock.deadline(ms),
  };
  const hangs = `console.log('waiting');
    const child = require('node:child_process').spawn('sleep', ['600']);
    require('node:fs').writeFileSync(${JSON.stringify(started)}, String(child.pid));`;

  const verifying = verify(hangs, { timeBoxMs: 90_000 }, { clock });
  await until('it hangs', () => existsSync(started) && readFileSync(started, 'utf8') !== '');
  const child = await identifyProcess(Number(readFileSync(started, 'utf8')));
  assert.ok(child);
  time.abort();
  const { isPassed, criteria } = await verifying;

  assert.equal(isPassed, false);
  assert.match(criteria.at(-1)?.observed ?? '', /^node did not end within 1 min 30 s: waiting$/);
  assert.equal((await listed()).state, 'FAILED');
  assert.equal(await isSameProcess(child), false);
  assert.equal(live(), 'words');
});

test('what says nothing of the backup leaves what is known of it as it was', async (t) => {
  const { verify, listed } = await aProbed(t);
  assert.ok((await verify('0')).isPassed);

  const missing = verify('0', { run: ['no-such-program', '{address}'] });
  await assert.rejects(missing, failsWith('backup-unverifiable', /probe .*no-such-program/));
  const killed = verify(`process.kill(process.pid, 'SIGKILL')`);
  await assert.rejects(killed, failsWith('backup-unverifiable', /was killed by SIGKILL/));
  const stop = new AbortController();
  stop.abort(new Error('told to end'));
  await assert.rejects(verify('0', {}, { signal: stop.signal }), /told to end/);

  assert.equal((await listed()).state, 'VERIFIED');
});

test('it has what it is given and nothing of ours, and its secrets are in no record', async (t) => {
  const { verify, listed } = await aProbed(t);
  const environment = { TOKEN: 'hunter2-hunter2', WHERE: 'in {address}' };

  const { criteria } = await verify(
    'for (const each of Object.entries(process.env)) console.log(each.join())',
    {
      environment,
      secretValues: ['hunter2-hunter2'],
    },
  );

  const { said } = await listed();
  assert.ok(said !== null);
  assert.doesNotMatch(said + JSON.stringify(criteria), /hunter2|SUREFOOT_BACKUP_KEYS|ours/);
  assert.match(said, /^TOKEN,\[secret\]$/m);
  assert.match(said, /^WHERE,in \/.*surefoot-files-[0-9a-f]{6}$/m);
});

test('what is not good enough by itself is shown to no application', async (t) => {
  const { verify, folder, listed } = await aProbed(t);
  const asks = `require('node:fs').writeFileSync('asked', '')`;

  const { isPassed } = await verify(asks, {}, { partsMin: 2 });

  assert.equal(isPassed, false);
  assert.equal((await listed()).said, null);
  assert.ok(!existsSync(join(folder, 'asked')));
});
