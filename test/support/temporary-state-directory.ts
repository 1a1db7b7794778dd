/** A state directory of its own for one test; what runs in it is stopped and removed afterwards. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stateDirectoryAt, type StateDirectory } from '../../src/platform/state-directory.ts';
import { stopKeeper } from '../../src/platform/stop-keeper.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';

/** At `below` in a new temporary folder through which everybody may walk, as through /tmp itself. */
export function temporaryStateDirectory(test: TestContext, below = ''): StateDirectory {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  chmodSync(folder, 0o711);
  const directory = stateDirectoryAt(join(folder, below));
  test.after(async () => {
    try {
      await stopKeeper(directory);
      await removePostgres(directory);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return directory;
}
