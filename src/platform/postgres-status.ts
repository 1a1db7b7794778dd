/** Tells whether the embedded PostgreSQL runs and serves; changes nothing. */
import { connectPostgres, postgresConnectionString } from './postgres-connection.ts';
import { readPostgresPlace } from './postgres-place.ts';
import { readPostmaster } from './postmaster.ts';
import type { StateDirectory } from './state-directory.ts';

export interface PostgresStatus {
  /** Of the postmaster; null when none runs. */
  readonly pid: number | null;
  readonly serving: boolean;
  readonly dataDirectory: string;
  readonly connectionString: string;
}

/** Null when this state directory never had an embedded PostgreSQL. */
export async function postgresStatus(directory: StateDirectory): Promise<PostgresStatus | null> {
  const place = await readPostgresPlace(directory);
  if (place === null) return null;
  const postmaster = await readPostmaster(place.dataDirectory);
  const result = await connectPostgres(place);
  if (result.kind === 'connected') await result.client.end();
  return {
    pid: postmaster.kind === 'running' ? postmaster.identity.pid : null,
    serving: result.kind === 'connected',
    dataDirectory: place.dataDirectory,
    connectionString: postgresConnectionString(place),
  };
}
