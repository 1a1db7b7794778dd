/** Where the database of a preview lies: known from the preview alone, so that it is found when nobody lives who made it. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Not below the preview, since its socket lies in it: such a path must be short. */
export function scratchFolder(preview: string): string {
  const digest = createHash('sha256').update(preview).digest('hex').slice(0, 10);
  return join(tmpdir(), `sf-db-${digest}`);
}
