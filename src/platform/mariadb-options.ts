/** Lets MariaDB's client programs in as a session of ours was: by a file that others cannot read. */
import { writeFile } from 'node:fs/promises';
import type { MariadbAddress } from './mariadb-address.ts';

/** The folder must be private, and is gone with the work. No other file of options is read beside it. */
export async function writeMariadbOptions(path: string, address: MariadbAddress): Promise<void> {
  const { socketPath, host, port, user, password } = address;
  const values = {
    user,
    password,
    ...(socketPath === null
      ? { host, port: String(port), protocol: 'tcp' }
      : { socket: socketPath, protocol: 'socket' }),
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`);
  await writeFile(path, `[client]\n${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
}

/** Source: MariaDB's documentation of option files, escape sequences. */
function quoted(value: string): string {
  const escaped = value
    .replaceAll(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}
