import type { ServerWork } from '../../../src/engine/server-work.ts';

/** For who plans none of it: to be asked for it is a mistake. */
export const unaskedWork: ServerWork = {
  validate: () => unasked('checks'),
  secureBackup: () => unasked('backups'),
  copyLog: () => unasked('logs'),
  planDatabase: () => unasked('a database'),
  rehearseMigrations: () => unasked('migrations'),
  applyMigrations: () => unasked('migrations'),
  areMigrationsApplied: () => unasked('migrations'),
  checkData: () => unasked('invariants'),
  readSchema: () => unasked('a schema'),
};

function unasked(what: string): Promise<never> {
  return Promise.reject(new Error(`${what} were not planned, and yet asked for`));
}
