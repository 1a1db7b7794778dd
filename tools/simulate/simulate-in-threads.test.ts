import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const module = new URL('./simulate-in-threads.ts', import.meta.url).href;

/** Of a part of the swarm, carried out by a process of its own. */
async function traceHashOf(first: number): Promise<string> {
  const work = JSON.stringify({ kind: 'swarm', first, end: first + 300 });
  const script = `
    import('${module}')
      .then(({ simulateInThreads }) => simulateInThreads(${work}))
      .then(({ traceHash }) => process.stdout.write(String(traceHash)));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script]);
  return stdout;
}

test('the same seeds give the same trace hash in two processes, and others another one', async () => {
  const [first, second, other] = await Promise.all([
    traceHashOf(1),
    traceHashOf(1),
    traceHashOf(1_001),
  ]);

  assert.match(first, /^\d+$/);
  assert.equal(second, first);
  assert.notEqual(other, first);
});
