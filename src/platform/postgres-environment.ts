/** Lets PostgreSQL's client programs in as a session of ours was: by their environment, which others cannot read. */
import type { Client } from 'pg';
import { POSTGRES_ENVIRONMENT } from './postgres-binaries.ts';

/** Of the settings in the URL those about TLS. */
const OF_URL = [
  ['sslmode', 'PGSSLMODE'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
] as const;

export function postgresEnvironment(client: Client, url: string): Record<string, string> {
  const { host, port, user = '', database = '', password } = client;
  const asked = new URL(url).searchParams;
  const settings = OF_URL.flatMap(([name, variable]) => {
    const value = asked.get(name);
    // The word for it is of the client that we use ourselves.
    return value === null ? [] : [[variable, value === 'no-verify' ? 'require' : value] as const];
  });
  return {
    ...POSTGRES_ENVIRONMENT,
    ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database },
    ...(typeof password === 'string' ? { PGPASSWORD: password } : {}),
    ...Object.fromEntries(settings),
    PGAPPNAME: 'surefoot',
  };
}
