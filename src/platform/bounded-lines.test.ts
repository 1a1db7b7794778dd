import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedLines, LINE_CHARACTERS_MAX } from './bounded-lines.ts';

async function linesOf(
  bytes: Buffer,
  secretValues: readonly string[] = [],
  length = 10_007,
): Promise<readonly string[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    await Promise.resolve();
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }
  const lines: string[] = [];
  for await (const line of boundedLines(chunks(), secretValues)) lines.push(line);
  return lines;
}

test('lines end as any system ends them, however they are cut', async () => {
  const bytes = Buffer.from('a\nb\r\nc\rd\n\n€\r\nlast');

  for (const length of [1, 2, 3, 100]) {
    assert.deepEqual(await linesOf(bytes, [], length), ['a', 'b', 'c', 'd', '', '€', 'last']);
  }
  assert.deepEqual(await linesOf(Buffer.from('a\r'), [], 1), ['a']);
  assert.deepEqual(await linesOf(Buffer.from('')), []);
});

test('a line that is too long comes in parts, whether it ends or not', async () => {
  const long = 'x€😀'.repeat(100_000);

  for (const text of [long, `${long}\nlast`]) {
    const lines = await linesOf(Buffer.from(text));
    assert.ok(lines.length > 5);
    assert.ok(lines.every(({ length }) => length <= LINE_CHARACTERS_MAX));
    assert.ok(lines.every((line) => line.isWellFormed()));
    assert.equal(lines.join(''), text.replace('\n', ''));
  }
});

test('no secret is cut in two, in whatever form it stands', async () => {
  const secret = 'p&ssword-of-all';
  for (const form of [secret, encodeURIComponent(secret), 'p&amp;ssword-of-all']) {
    for (const before of [1, 7, form.length - 1]) {
      const text = `${'x'.repeat(LINE_CHARACTERS_MAX - before)}${form}${'y'.repeat(100_000)}`;
      const lines = await linesOf(Buffer.from(text), [secret, 'p&ss']);

      assert.equal(lines.filter((line) => line.includes(form)).length, 1);
      assert.equal(lines.join(''), text);
    }
  }
});

test('a secret that is longer than a part is one', async () => {
  const secret = Array.from({ length: 20_000 }, (_, at) => at).join('');
  const lines = await linesOf(Buffer.from(`${secret}${'x'.repeat(100_000)}`), [secret]);

  assert.equal(lines[0], secret);
});
