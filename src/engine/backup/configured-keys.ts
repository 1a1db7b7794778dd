/** Keys for backups as people give them: 64 hexadecimal digits each. None is ever told, also when it is wrong. */
import { isAbsolute } from 'node:path';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { readPlainFile } from '../../platform/read-plain-file.ts';

/** Of Surefoot's own environment, of the commands and of the server alike. */
export const KEYS_VARIABLE = 'SUREFOOT_BACKUP_KEYS';

export type HostEnvironment = Readonly<Record<string, string | undefined>>;

const FILE = 'file:';
const KEYS_BYTES_MAX = 64 * 1024;

/** The newest first; none when nobody has set it. Each of its entries is a key, or a file with one or more. */
export async function keysOfEnvironment(host: HostEnvironment): Promise<readonly Buffer[]> {
  const given = host[KEYS_VARIABLE];
  if (given === undefined) return [];
  const keys: Buffer[] = [];
  for (const [at, entry] of given.split(',').entries()) {
    const where = `Entry ${at + 1} of ${KEYS_VARIABLE}`;
    const text = entry.trim();
    if (text.startsWith(FILE)) keys.push(...(await keysOfFile(text.slice(FILE.length), where)));
    else keys.push(keyOf(text, where));
  }
  return keys;
}

/** One a line, the newest first. */
export function keysInText(text: string, where: string): readonly Buffer[] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line, at) => keyOf(line.trim(), `${where}, line ${at + 1},`));
}

async function keysOfFile(path: string, where: string): Promise<readonly Buffer[]> {
  // The server and each command have working directories of their own.
  if (!isAbsolute(path)) throw unusable(`${where} must name its file by an absolute path.`);
  let text;
  try {
    text = (await readPlainFile(path, KEYS_BYTES_MAX)).toString('utf8');
  } catch (error) {
    if (error instanceof OperationalError) throw unusable(`${where}: ${error.message}`, error);
    if (!isSystemError(error)) throw error;
    throw unusable(`${where} cannot be read: ${error.message}.`, error);
  }
  return keysInText(text, `"${path}"`);
}

function keyOf(text: string, where: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  throw unusable(`${where} is no key: it must hold 64 hexadecimal digits.`);
}

function unusable(message: string, cause?: unknown): Error {
  return operationalError('backup-key-missing', message, { cause });
}
