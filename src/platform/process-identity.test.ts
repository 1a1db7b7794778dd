import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { identifyProcess, isSameProcess, startedBefore } from './process-identity.ts';

test('a process keeps its identity while it lives and loses it when it ends', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  try {
    const identity = await identifyProcess(child.pid!);

    assert.ok(identity);
    assert.deepEqual(await identifyProcess(child.pid!), identity);
    assert.equal(await isSameProcess(identity), true);
    assert.equal(await isSameProcess({ ...identity, startTime: 'another boot:1' }), false);

    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await isSameProcess(identity), false);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a program with brackets in its name is identified', async () => {
  const child = spawn('sh', ['-c', 'printf "a) S 1 (b" > /proc/$$/comm; echo ready; read line'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  try {
    const identity = await identifyProcess(child.pid!);
    assert.match(identity?.startTime ?? '', /:\d+$/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('no process has pid 0x7ffffff0', async () => {
  assert.equal(await identifyProcess(0x7ffffff0), null);
});

test('what started before another is told by ticks of the same boot, as numbers', () => {
  const at = (startTime: string) => ({ pid: 1, startTime });

  assert.equal(startedBefore(at('a:99'), at('a:100')), true);
  assert.equal(startedBefore(at('a:100'), at('a:100')), false);
  assert.equal(startedBefore(at('a:101'), at('a:100')), false);
  assert.equal(startedBefore(at('b:1'), at('a:100')), false);
});
