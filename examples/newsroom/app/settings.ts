/** Everything the environment says, read once at start; a wrong value ends the process at once. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly schema: string;
  /** What the deployment says it started; falls back to what the build says it is. */
  readonly releaseVersion: string | null;
  readonly configDigest: string | null;
  /** Password of the seeded users. */
  readonly seedPassword: string;
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const databaseUrl = environment['DATABASE_URL'];
  if (databaseUrl === undefined || databaseUrl === '') throw new Error('DATABASE_URL is not set.');
  const port = Number(environment['PORT'] ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT is not a port: ${environment['PORT'] ?? ''}`);
  }
  const schema = environment['NEWSROOM_SCHEMA'] ?? 'newsroom';
  // The name goes into SQL as an identifier, where no parameter can stand.
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
    throw new Error(`NEWSROOM_SCHEMA is not a plain name: ${schema}`);
  }
  return {
    host: environment['HOST'] ?? '127.0.0.1',
    port,
    databaseUrl,
    schema,
    releaseVersion: environment['SUREFOOT_RELEASE'] ?? null,
    configDigest: environment['SUREFOOT_CONFIG_DIGEST'] ?? null,
    seedPassword: environment['NEWSROOM_SEED_PASSWORD'] ?? 'newsroom',
  };
}
