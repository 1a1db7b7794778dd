import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/until.ts';
import { systemClock } from './clock.ts';
import { identifyProcess } from './process-identity.ts';
import { runTool, type ToolCall } from './run-tool.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

function aCall(t: TestContext, script: string, changes: Partial<ToolCall> = {}) {
  const directory = temporaryFolder(t);
  const lines: string[] = [];
  const call: ToolCall = {
    ...{ program: process.execPath, args: ['-e', script], directory, environment: {} },
    ...{ outputFile: null, onLine: (line) => lines.push(line), clock: systemClock },
    signal: new AbortController().signal,
    ...changes,
  };
  return { call, lines, directory };
}

test('what a program prints comes in lines, and how it ended is told', async (t) => {
  const { call, lines } = aCall(
    t,
    'console.log("a\\nb"); console.error("c"); process.exitCode = 3',
  );

  assert.deepEqual(await runTool(call), { kind: 'exited', code: 3 });
  assert.deepEqual(lines.toSorted(), ['a', 'b', 'c']);
});

test('a line without end comes in parts, and a secret in none but one of them', async (t) => {
  const script = `process.stdout.write('x'.repeat(65530) + 'hunter2-and-more' + 'x'.repeat(4e6))`;
  const { call, lines } = aCall(t, script, { secretValues: ['hunter2-and-more'] });

  await runTool(call);

  assert.ok(lines.every(({ length }) => length <= 65_536));
  assert.equal(lines.filter((line) => line.includes('hunter2-and-more')).length, 1);
  assert.equal(lines.join('').length, 65_530 + 16 + 4e6);
});

test('what a tool leaves behind without its id and its group is not waited for', async (t) => {
  const { call, lines } = aCall(t, '', {
    ...{ program: '/bin/sh', args: ['-c', 'env -i setsid sleep 600 & echo $!'] },
  });

  const end = await runTool(call);

  t.after(() => process.kill(Number(lines[0])));
  assert.deepEqual(end, { kind: 'exited', code: 0 });
});

test('a report goes into its file as it is, all else is printed', async (t) => {
  const { call, lines, directory } = aCall(
    t,
    'process.stdout.write(Buffer.from([0xff, 10, 65])); console.error("done")',
  );
  const outputFile = join(directory, 'report');

  await runTool({ ...call, outputFile });

  assert.deepEqual([...readFileSync(outputFile)], [0xff, 10, 65]);
  assert.deepEqual(lines, ['done']);
});

test('a program that a signal ends, or that cannot be started, is told apart', async (t) => {
  const killed = aCall(t, 'process.kill(process.pid, "SIGKILL")').call;
  const missing = aCall(t, '', { program: '/nowhere/tool' }).call;

  assert.deepEqual(await runTool(killed), { kind: 'killed', signal: 'SIGKILL' });
  assert.equal((await runTool(missing)).kind, 'not-started');
});

const BACKGROUND = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' });
  child.unref();
  console.log(child.pid);
`;

test('what it has left in the background is ended with it', async (t) => {
  const { call, lines } = aCall(t, BACKGROUND);

  assert.deepEqual(await runTool(call), { kind: 'exited', code: 0 });
  assert.equal(await identifyProcess(Number(lines[0])), null);
});

test('ended, all of its processes are, those too that have left its group', async (t) => {
  const stop = new AbortController();
  const { call, lines } = aCall(t, `${BACKGROUND} setInterval(() => {}, 1000);`, {
    signal: stop.signal,
  });
  // Nobody waits for who does not end by itself.
  const clock = { ...systemClock, monotonicNs: () => systemClock.monotonicNs() * 1_000n };

  const running = runTool({ ...call, clock });
  await until('it has begun', () => lines.length > 0);
  stop.abort();

  assert.deepEqual(await running, { kind: 'ended' });
  assert.equal(await identifyProcess(Number(lines[0])), null);
});

test('a call that was ended before it began starts nothing', async (t) => {
  const { call, lines } = aCall(t, 'console.log(1)', { signal: AbortSignal.abort() });

  assert.deepEqual(await runTool(call), { kind: 'ended' });
  assert.deepEqual(lines, []);
});
