import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { leftoverProcesses } from './leftover-processes.ts';
import { runGroup } from './run-group.ts';

/** Runs one test file with the given text and returns what the runner says of it. */
async function runText(
  context: TestContext,
  text: string,
  options: { limitMs?: number; testLimitMs?: number } = {},
): Promise<Awaited<ReturnType<typeof runGroup>> & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sf-run-'));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'x.test.mjs'), `import { test } from 'node:test';\n${text}`);
  const result = await runGroup({
    root: folder,
    files: ['x.test.mjs'],
    nodeOptions: [],
    runFolder: folder,
    index: 0,
    limitMs: options.limitMs ?? 60_000,
    testLimitMs: options.testLimitMs ?? 60_000,
    interrupted: new AbortController().signal,
    output: 'ignore',
    niceness: 0,
  });
  return { ...result, folder };
}

test('tests are counted by outcome, skipped ones with their reason', async (context) => {
  const { tally, problems } = await runText(
    context,
    `test('good', () => {});
     test('bad', () => { throw new Error('no'); });
     test('left out', { skip: 'no PostgreSQL here' }, () => {});
     test('outer', async (t) => { await t.test('inner', () => {}); });`,
  );

  assert.equal(tally.passed, 3);
  assert.deepEqual(
    tally.failed.map(({ test: { name } }) => name),
    ['bad'],
  );
  assert.deepEqual(
    tally.skipped.map(({ test: { name }, reason }) => [name, reason]),
    [['left out', 'no PostgreSQL here']],
  );
  assert.deepEqual(problems, []);
});

test('a file that cannot be loaded is a failure', async (context) => {
  const { tally } = await runText(context, `throw new Error('at import');`);

  assert.equal(tally.failed.length, 1);
});

test('a process that dies is a failure that names the running test', async (context) => {
  const { tally, problems } = await runText(
    context,
    `test('good', () => {});
     test('fatal', async () => {
       await new Promise((resolve) => setTimeout(resolve, 20));
       process.kill(process.pid, 'SIGKILL');
     });`,
  );

  assert.equal(tally.passed, 1);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /ended with SIGKILL during .* › fatal/);
});

test('a test that does not end fails at its own limit', async (context) => {
  const { tally } = await runText(
    context,
    `test('endless', () => new Promise((resolve) => { setTimeout(resolve, 30_000).unref(); }));
     test('keeps the loop busy', () => new Promise((resolve) => { setTimeout(resolve, 400); }));`,
    { testLimitMs: 300 },
  );

  assert.ok(tally.failed.some((failed) => failed.test.name === 'endless'));
});

test('a process past its limit is ended, and the running test is named', async (context) => {
  const { problems, causes } = await runText(
    context,
    `test('fails first', () => { throw new Error('the cause'); });
     test('sleeps', () => new Promise((resolve) => { setTimeout(resolve, 60_000); }));`,
    { limitMs: 1_500 },
  );

  assert.match(problems[0] ?? '', /Not done after 1\.5 s during .* › sleeps/);
  // The report that would have told the cause ends with the process.
  assert.match(causes[0] ?? '', /› fails first: Error: the cause/);
});

test('a process that a test left behind is killed and told', async (context) => {
  const { problems, folder } = await runText(
    context,
    `import { spawn } from 'node:child_process';
     test('forgets', () => {
       spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref();
     });`,
  );

  assert.match(problems[0] ?? '', /left a process behind; it was killed: \d+ sleep 60/);
  assert.deepEqual(leftoverProcesses(folder), []);
});
