import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { maskFile } from './mask-file.ts';

function aFile(t: TestContext, bytes: Buffer | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'report');
  writeFileSync(path, bytes);
  return path;
}

test('a secret is taken out wherever it stands, across the parts in which a file is read, too', async (t) => {
  const [part, secret] = [65_536, 'pässword-1'];
  for (const before of [0, 1, part - 10, part - 5, part - 1, part, 3 * part - 7]) {
    const path = aFile(t, `${'x'.repeat(before)}${secret}.${secret}`);

    await maskFile(path, [secret, 'another'], '[secret]');

    assert.equal(readFileSync(path, 'utf8'), `${'x'.repeat(before)}[secret].[secret]`);
  }
});

test('what is no text comes through as it was', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7) % 256));
  const path = aFile(t, bytes);

  await maskFile(path, ['secret'], '[secret]');

  assert.ok(readFileSync(path).equals(bytes));
});
