import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperationalError } from '../../core/operational-error.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';
import { fault, fine, type Check } from './check.ts';

const NAME = 'state directory';

/** `place` is missing when there can be no such directory. */
export async function checkStateDirectory(
  find: () => StateDirectory,
): Promise<{ readonly check: Check; readonly place?: StateDirectory }> {
  const another = 'Choose another with --state-dir or SUREFOOT_STATE_DIR.';
  let place: StateDirectory;
  try {
    place = find();
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { check: fault(NAME, error.message, another) };
  }
  const existing = await nearestExisting(place.root);
  const info = await stat(existing);
  if (!info.isDirectory()) {
    return { check: fault(NAME, `${existing} is not a folder`, another) };
  }
  if (!(await mayWrite(existing))) {
    return { check: fault(NAME, `${existing} may not be written`, another), place };
  }
  if (existing !== place.root) return { check: fine(NAME, `${place.root} (will be made)`), place };
  const mode = info.mode & 0o777;
  if ((mode & 0o067) !== 0) {
    const found = `${place.root} is open to others (mode ${mode.toString(8)})`;
    return { check: fault(NAME, found, `chmod 700 ${place.root}`), place };
  }
  return { check: fine(NAME, place.root), place };
}

export async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (await exists(folder)) return folder;
    if (folder === dirname(folder)) return folder;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    // Missing or hidden from us: either way its parent decides.
    () => false,
  );
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    // Read-only, or of another user: that it cannot be used is all that counts.
    () => false,
  );
}
