import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { readText } from './read-text.ts';

async function* inChunks(...parts: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

test('a text comes whole, however its letters are cut up', async () => {
  const bytes = Buffer.from('\uFEFFzwölf\n');

  assert.equal(await readText(inChunks(bytes.subarray(0, 6), bytes.subarray(6)), 100), 'zwölf\n');
});

test('what is too long is not read to its end, and what is no UTF-8 is no text', async () => {
  let pulled = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      pulled += 1;
      yield await Promise.resolve(Buffer.alloc(10, 'a'));
    }
  }

  await assert.rejects(readText(endless(), 95), failsWith('report-invalid', /longer than 95/));
  assert.equal(pulled, 10);
  const utf16 = inChunks(Buffer.from('\uFEFFa', 'utf16le'));
  await assert.rejects(readText(utf16, 95), failsWith('report-invalid', /UTF-8/));
});
