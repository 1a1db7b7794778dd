import { databaseOf, withDatabase } from '../../platform/open-postgres.ts';

/** Of a whole server that was restored, the database that its backup is taken through. `config`: of its driver. */
export function addressForApplication(address: string, config: unknown): string {
  const url = typeof config === 'object' && config && 'url' in config ? config.url : null;
  if (typeof url !== 'string' || !URL.canParse(address)) return address;
  const database = databaseOf(url);
  return database === '' ? address : withDatabase(address, database);
}
