/** Whether the data of a running server can be read here, and which it is. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { operationalError } from '../../../core/operational-error.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { queryOne } from '../../../platform/query-one.ts';

const MAJOR_MIN = 15;

export type LookedAt = Readonly<
  Record<'version' | 'data' | 'user' | 'system' | 'recovers' | 'level' | 'spaces', string>
>;

/** Throws `backup-unverifiable` for a server whose data cannot be taken this way. */
export async function lookAtCluster(control: Client): Promise<LookedAt> {
  const found = await queryOne<LookedAt>(
    control,
    `SELECT current_setting('server_version') AS version, current_setting('data_directory') AS data, current_user AS user,
      (SELECT system_identifier::text FROM pg_control_system()) AS system, pg_is_in_recovery()::text AS recovers,
      current_setting('wal_level') AS level, (SELECT count(*)::text FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%') AS spaces`,
  );
  const { version, data, system, recovers, level, spaces } = found;
  if (Number.parseInt(version, 10) < MAJOR_MIN) {
    throw unusable(`It is PostgreSQL ${version}; ${MAJOR_MIN} is the oldest that is taken so.`);
  }
  if (recovers === 'true') throw unusable('It follows another server: take the backup there.');
  if (level === 'minimal') throw unusable('Its wal_level is minimal; it must be replica.');
  if (spaces !== '0')
    throw unusable('It has tablespaces, which lie outside of its data directory.');
  if ((await systemIn(data)) !== system) {
    throw unusable(`The data directory ${data} of this machine is not that of the server.`);
  }
  return found;
}

/** Which cluster a data directory is of. Source: the first field of `ControlFileData`. */
export async function systemIn(dataDirectory: string): Promise<string> {
  try {
    const file = await open(join(dataDirectory, 'global/pg_control'));
    try {
      const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
      return String(buffer.readBigUInt64LE());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw unusable(`The server's data directory must be readable here: ${error.message}.`, error);
  }
}

export async function databasesOf(control: Client): Promise<readonly string[]> {
  const { rows } = await control.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname',
  );
  return rows.map(({ datname }) => datname);
}

function unusable(message: string, cause?: unknown): Error {
  return operationalError('backup-unverifiable', message, { cause });
}
