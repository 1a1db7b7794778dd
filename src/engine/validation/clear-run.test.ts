import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { systemClock } from '../../platform/clock.ts';
import { LAUNCH_VARIABLE } from '../../platform/launched-processes.ts';
import { identifyProcess, isSameProcess } from '../../platform/process-identity.ts';
import { invariant } from '../../core/invariant.ts';
import { clearRun } from './clear-run.ts';

/** Its child drops the id, but stays in its group. */
const FORGETFUL = `
  const { ${LAUNCH_VARIABLE}: _, ...env } = process.env;
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env, stdio: 'ignore' });
  child.once('spawn', () => console.log(child.pid));
  setInterval(() => {}, 1000);
`;

test('with the leader of a group all in it is ended, also what no longer says whose it is', async (t) => {
  const folder = temporaryFolder(t);
  const workDirectory = join(folder, 'work');
  mkdirSync(workDirectory);
  const launch = randomUUID();
  const leader = spawn(process.execPath, ['-e', FORGETFUL], {
    env: { PATH: process.env['PATH'], [LAUNCH_VARIABLE]: launch },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => leader.kill('SIGKILL'));
  const line = await new Promise<string>((resolve) => {
    createInterface(leader.stdout).once('line', resolve);
  });
  const child = await identifyProcess(Number(line));
  invariant(child, 'it lives as long as nobody ends it');
  t.after(async () => {
    if (await isSameProcess(child)) process.kill(child.pid, 'SIGKILL');
  });
  const run = { launch, workDirectory, database: join(folder, 'none') };

  await clearRun(run, systemClock);

  assert.equal(await isSameProcess(child), false);
  assert.equal(existsSync(workDirectory), false);
});
