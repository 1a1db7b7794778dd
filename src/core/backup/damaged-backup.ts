import { operationalError } from '../operational-error.ts';

/** `why`: a sentence, without its full stop. */
export function damagedBackup(why: string, cause?: unknown): Error {
  return operationalError('backup-damaged', `The backup cannot be used. ${why}.`, { cause });
}
