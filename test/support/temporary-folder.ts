import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Empty; gone with all that is in it when the test has ended. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
