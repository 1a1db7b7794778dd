/** Whether the embedded PostgreSQL can be reached by its private Unix socket only. */
import { stat } from 'node:fs/promises';
import { readPostgresPlace } from '../../../platform/postgres-place.ts';
import { readPostmaster } from '../../../platform/postmaster.ts';
import { tcpListenersOf } from '../../../platform/tcp-listeners.ts';
import {
  addressText,
  broken,
  foreignDatabase,
  holds,
  unknown,
  type Observe,
} from '../observed-place.ts';

export const postgresOnSocket: Observe = async ({ directory, host }) => {
  if (foreignDatabase(host) !== null) {
    return unknown('DATABASE_URL names a PostgreSQL of others, into which Surefoot does not look');
  }
  const place = await readPostgresPlace(directory);
  if (!place) return unknown('Surefoot has no PostgreSQL of its own here yet');
  const postmaster = await readPostmaster(place.dataDirectory);
  if (postmaster.kind !== 'running') return unknown('the embedded PostgreSQL does not run');
  const listeners = await tcpListenersOf(postmaster.identity.pid);
  if (!listeners) return unknown('this system does not say on what PostgreSQL listens');
  if (listeners.length > 0) {
    return broken(`PostgreSQL listens on ${listeners.map(addressText).join(', ')}`);
  }
  const mode = (await stat(place.socketDirectory)).mode & 0o777;
  return (mode & 0o077) === 0
    ? holds(`no TCP, and its socket in ${place.socketDirectory} of mode ${mode.toString(8)}`)
    : broken(`${place.socketDirectory} has mode ${mode.toString(8)}`);
};
