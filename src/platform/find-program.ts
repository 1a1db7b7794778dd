/** Finds the program of a command before anything is started, so that a wrong one changes nothing. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, resolve } from 'node:path';
import { operationalError } from '../core/operational-error.ts';

/** The program's absolute path; a name with a slash is taken relative to `directory`. */
export async function findProgram(
  program: string,
  directory: string,
  searchPath: string,
): Promise<string> {
  if (program.includes('/')) {
    const path = resolve(directory, program);
    const reason = await whyNotExecutable(path);
    if (reason === null) return path;
    throw notExecutable(program, reason);
  }
  for (const folder of searchPath.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = resolve(folder, program);
    if ((await whyNotExecutable(path)) === null) return path;
  }
  throw notExecutable(program, 'it is in no folder of PATH');
}

async function whyNotExecutable(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return 'it is not a file';
    await access(path, constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'it does not exist';
    if (code === 'EACCES') return 'it has no execute permission';
    throw error;
  }
}

function notExecutable(program: string, reason: string): Error {
  return operationalError('command-not-executable', `Cannot start "${program}": ${reason}.`);
}
