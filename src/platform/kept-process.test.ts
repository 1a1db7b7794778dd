import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from './clock.ts';
import { endProcess, startKeptProcess } from './kept-process.ts';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';

test('a process that could not be recorded never runs its program', async (t) => {
  const cwd = temporaryStateDirectory(t).root;
  let born: ProcessIdentity | undefined;

  const starting = startKeptProcess(['touch', 'ran'], join(cwd, 'log'), {
    cwd,
    record(identity) {
      born = identity;
      throw new Error('no space left');
    },
  });

  await assert.rejects(starting, /no space left/);
  assert.ok(born);
  const identity = born;
  await until('it has ended', async () => !(await isSameProcess(identity)));
  assert.equal(existsSync(join(cwd, 'ran')), false);
});

test('arguments reach the program as they are, and its output the log', async (t) => {
  const cwd = temporaryStateDirectory(t).root;
  const log = join(cwd, 'log');
  const strange = ['a b', '$HOME', '"; exit 1 #', "'", ''];

  const kept = await startKeptProcess(['printf', '%s|', ...strange], log, {
    cwd,
    record: () => undefined,
  });
  await kept?.ended(AbortSignal.timeout(30_000));

  assert.equal(readFileSync(log, 'utf8'), strange.map((text) => `${text}|`).join(''));
});

test('a process that does not want to end is killed after its grace', async (t) => {
  const cwd = temporaryStateDirectory(t).root;
  const script = "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1e6)";
  const kept = await startKeptProcess([process.execPath, '-e', script], join(cwd, 'log'), {
    cwd,
    record: () => undefined,
  });
  assert.ok(kept);
  await until('it is deaf', () => readFileSync(join(cwd, 'log'), 'utf8').includes('deaf'));

  await endProcess(kept.identity, 100, systemClock);

  assert.equal(await isSameProcess(kept.identity), false);
});
