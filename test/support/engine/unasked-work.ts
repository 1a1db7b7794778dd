import type { ServerWork } from '../../../src/engine/server-work.ts';

/** For who plans none of it: to be asked for it is a mistake. */
export const unaskedWork: ServerWork = {
  validate: () => Promise.reject(new Error('no checks were planned, and yet they were asked for')),
  secureBackup: () =>
    Promise.reject(new Error('no backups were planned, and yet they were asked for')),
};
