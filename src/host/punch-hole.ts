/** Gives the disk space of a file's start back while processes go on appending to its end. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** False where the program or the file system cannot do it. */
export async function punchHole(path: string, bytes: number): Promise<boolean> {
  try {
    await promisify(execFile)('fallocate', ['--punch-hole', '--length', String(bytes), path]);
    return true;
  } catch {
    // Only space is lost; the limit is stated in the driver's README.
    return false;
  }
}
