import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { instanceIdOf, poolIdOf } from '../core/model/ids.ts';
import { systemClock } from '../platform/clock.ts';
import { openInstanceLog, type InstanceLogOptions } from './instance-log.ts';

async function options(context: TestContext): Promise<InstanceLogOptions> {
  const directory = await mkdtemp(join(tmpdir(), 'sf-log-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return {
    directory,
    instance: instanceIdOf(poolIdOf('test', 'web', 1), 0),
    launch: null,
    clock: systemClock,
    rotateBytes: 1_000_000,
    onLine: () => undefined,
  };
}

test('both streams become numbered lines, and half a line waits', async (context) => {
  const log = await openInstanceLog(await options(context));
  const files = await log.begin('a');
  await appendFile(files.stdout, 'one\ntwo\r\n\nhal');
  await appendFile(files.stderr, 'oops\n');

  await log.drain(false);
  const before = await log.tail(10);
  await appendFile(files.stdout, 'f');
  await log.drain(true);

  assert.deepEqual(
    before.map(({ number, stream, text }) => [number, stream, text]),
    [
      [1, 'stdout', 'one'],
      [2, 'stdout', 'two'],
      [3, 'stdout', ''],
      [4, 'stderr', 'oops'],
    ],
  );
  assert.equal((await log.tail(1))[0]?.text, 'half');
});

test('control characters and bytes that are no text are kept as JSON can', async (context) => {
  const opened = await options(context);
  const log = await openInstanceLog(opened);
  const files = await log.begin('a');
  await appendFile(files.stdout, Buffer.from([0x1b, 0x5b, 0x41, 0xff, 0x00, 0x0a]));

  await log.drain(false);

  assert.deepEqual(log.lastLines(), ['\u001b[A\uFFFD\u0000']);
  const stored = await readFile(join(opened.directory, 'log.jsonl'), 'utf8');
  assert.ok(!stored.slice(0, -1).includes('\u001b'));
});

test('a log opened again goes on where the stored lines end', async (context) => {
  const opened = await options(context);
  const log = await openInstanceLog(opened);
  const files = await log.begin('a');
  await appendFile(files.stdout, 'one\ntwo\n');
  await log.drain(false);
  await appendFile(files.stdout, 'three\n');
  // The crash tore the last line that was being stored.
  const path = join(opened.directory, 'log.jsonl');
  await truncate(path, (await readFile(path)).length - 5);

  const again = await openInstanceLog({ ...opened, launch: 'a' });
  await again.drain(false);

  const lines = await again.tail(10);
  assert.deepEqual(
    lines.map(({ number, text }) => [number, text]),
    [
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ],
  );
});

test('lines of a new launch follow those of the former', async (context) => {
  const opened = await options(context);
  const log = await openInstanceLog(opened);
  await appendFile((await log.begin('a')).stdout, 'one\n');
  await log.drain(true);
  await appendFile((await log.begin('b')).stdout, 'two\n');

  const again = await openInstanceLog({ ...opened, launch: 'b' });
  await again.drain(true);

  assert.deepEqual(again.lastLines(), ['one', 'two']);
});

test('a full log is put aside once, and reading spans both', async (context) => {
  const opened = { ...(await options(context)), rotateBytes: 2_000 };
  const log = await openInstanceLog(opened);
  const { stdout } = await log.begin('a');
  for (let line = 1; line <= 60; line += 1) {
    await appendFile(stdout, `line ${line}\n`);
    await log.drain(false);
  }

  const again = await openInstanceLog({ ...opened, launch: 'a' });

  const texts = (await again.tail(15)).map(({ text }) => text);
  assert.deepEqual(
    texts,
    Array.from({ length: 15 }, (_, index) => `line ${index + 46}`),
  );
  assert.ok((await readFile(join(opened.directory, 'log.jsonl'))).length < 4_000);
});

test('much output at once is read to its end', async (context) => {
  const seen: string[] = [];
  const opened = await options(context);
  const log = await openInstanceLog({ ...opened, onLine: ({ text }) => seen.push(text) });
  const { stdout } = await log.begin('a');
  const texts = Array.from({ length: 40_000 }, (_, index) => `line ${index}`);
  await appendFile(stdout, `${texts.join('\n')}\n`);

  await log.drain(false);

  assert.deepEqual(seen, texts);
  assert.equal(log.lastLines().length, 20);
});
