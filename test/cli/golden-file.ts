/** Compares text with a file beside the tests; UPDATE_GOLDEN=1 writes what there is now. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function assertGolden(name: string, text: string): void {
  const folder = join(import.meta.dirname, 'golden');
  const path = join(folder, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'), `differs from golden/${name}.txt`);
}
