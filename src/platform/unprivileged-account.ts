/** A user without rights of this machine, for database servers that refuse to run as root. */
import { readFile } from 'node:fs/promises';
import { operationalError } from '../core/operational-error.ts';
import type { Account } from './run-program.ts';

/** The first of these that is there; null where this process is not root's. `what`: the server, for messages. */
export async function unprivilegedAccount(
  what: string,
  names: readonly string[],
): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of names) {
    const fields = lines.find((line) => line[0] === name);
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  const message = `${what} cannot run as root, and this machine has no user ${names.join(' or ')}.`;
  throw operationalError('process-not-started', message);
}
