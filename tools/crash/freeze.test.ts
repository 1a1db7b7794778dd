import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/until.ts';
import { freeze } from './freeze.ts';
import { childrenOf, findProcess, isStopped, type LivingProcess } from './process-table.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };

/** A shell with a child. */
async function aFamily(t: TestContext): Promise<readonly [LivingProcess, LivingProcess]> {
  const shell = spawn('/bin/sh', ['-c', 'sleep 600 & echo; wait'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(shell.stdout, 'data');
  const parent = await findProcess(shell.pid!);
  const [child] = await childrenOf(shell.pid!);
  t.after(() => {
    process.kill(child!.pid, 'SIGKILL');
    shell.kill('SIGKILL');
  });
  return [parent!, child!];
}

test('a process is stopped with its children, and all go on', options, async (t) => {
  const [parent, child] = await aFamily(t);

  const frozen = freeze(parent, { forMs: 300, withChildren: true });

  await until('both are stopped', async () => (await isStopped(parent)) && isStopped(child));
  assert.equal((await frozen)?.hasHeld, true);
  await until('both go on', async () => !(await isStopped(parent)) && !(await isStopped(child)));
});

test('a freeze that somebody else ends has not held', options, async (t) => {
  const [parent] = await aFamily(t);

  const frozen = freeze(parent, { forMs: 500, withChildren: false });
  await until('it is stopped', () => isStopped(parent));
  process.kill(parent.pid, 'SIGCONT');

  assert.equal((await frozen)?.hasHeld, false);
});

test('what has ended before is not frozen', options, async () => {
  const child = spawn('/bin/true');
  const { pid } = child;
  await once(child, 'exit');

  const target = { pid: pid!, startTick: '0' };
  assert.equal(await freeze(target, { forMs: 1, withChildren: false }), null);
});
