import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failsWith } from '../../test/support/fails-with.ts';
import { reportLines } from './report-lines.ts';

async function linesOf(
  bytes: Buffer,
  { size = 7, charactersMax }: { size?: number; charactersMax?: number } = {},
): Promise<readonly string[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const lines: string[] = [];
  for await (const { text, number } of reportLines(chunks(), charactersMax)) {
    lines.push(text);
    assert.equal(number, lines.length);
  }
  return lines;
}

test('whatever the lines and however they are cut into chunks, each comes as it was written', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', '€', '😀', '=') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 20 }),
      async (lines, end, size) => {
        const text = lines.map((each) => `${each}${end}`).join('');

        assert.deepEqual(await linesOf(Buffer.from(text), { size }), lines);
      },
    ),
  );
});

test('a last line without an end is one, and a mark of the byte order is none of its letters', async () => {
  assert.deepEqual(await linesOf(Buffer.from('\uFEFFa\n\nb')), ['a', '', 'b']);
  assert.deepEqual(await linesOf(Buffer.alloc(0)), []);
});

test('what is no text is refused with its line, and so is a line that never ends', async () => {
  const refused = failsWith('report-invalid', /in line 2/);

  await assert.rejects(linesOf(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]), { size: 2 }), refused);
  await assert.rejects(linesOf(Buffer.from('a\n€').subarray(0, -1)), refused);
  const long = Buffer.from(`a\n${'x'.repeat(50)}`);
  await assert.rejects(linesOf(long, { charactersMax: 20 }), refused);
  assert.equal((await linesOf(Buffer.from('x\n'.repeat(50)), { charactersMax: 20 })).length, 50);
});
