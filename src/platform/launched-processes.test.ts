import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { findLaunchedProcesses, LAUNCH_VARIABLE, newLaunch } from './launched-processes.ts';

test(
  'who looks for a launch finds the launches within it, and not the other way round',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const whole = newLaunch({});
    const [part, other] = [1, 2].map(() => newLaunch({ [LAUNCH_VARIABLE]: whole }));
    const child = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)'], {
      env: { [LAUNCH_VARIABLE]: part },
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');

    const found = await Promise.all(
      [whole, part, other, newLaunch({})].map((launch) =>
        findLaunchedProcesses(launch ?? '', null),
      ),
    );

    assert.deepEqual(
      found.map((processes) => processes.map(({ pid }) => pid)),
      [[child.pid], [child.pid], [], []],
    );
  },
);
