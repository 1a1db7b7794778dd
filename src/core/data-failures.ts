/** How data, its backups and its migrations can fail: a part of the table of failures. */
import type { FailureEntry } from './failure-entry.ts';

export const dataFailures = {
  'schema-drifted': {
    summary: "The schema of a service's database is not what its last deployment left.",
    remedy:
      'The message names what differs: find out who changed it, and have it changed back. To take it as it is: `surefoot deploy --accept-drift <reason>`. What comes and goes by itself is named as `changing` of the database.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 3,
  },
  'data-invalid': {
    summary: 'What must hold of the data of a service does not.',
    remedy: 'The message names the invariant and what its query finds. Ask the database the same.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 3,
  },
  'migration-failed': {
    summary:
      'A migration of the database was refused by it, or what it did was not what is allowed.',
    remedy:
      'The message says which and why. It is not applied; those before it are. `surefoot migrations status` shows which.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 3,
  },
  'migration-blocked': {
    summary:
      'A migration waited for a lock that somebody else holds, and gave up before others waited for it.',
    remedy: 'It is tried again by itself; what holds the lock is in `pg_stat_activity`.',
    recovery: 'retry',
    httpStatus: 423,
    exitCode: 3,
  },
  'migration-refused': {
    summary:
      'A migration cannot be applied as it is: it was edited since, or nobody can tell whether old code lives with it.',
    remedy:
      'The message says which file and what to do. `surefoot migrations check` tells the same of each.',
    recovery: 'never',
    httpStatus: 422,
    exitCode: 2,
  },
  'migration-invalid': {
    summary:
      'A migration is not SQL that PostgreSQL would understand, or not what the tool that it is written for would run.',
    remedy: 'The message names the file and the place in it. Nothing was run.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 2,
  },
  'backup-damaged': {
    summary:
      'A backup is not what was taken: it was changed, cut off, or belongs to something else.',
    remedy:
      'Take another backup, or use an older one that is verified. Nothing was restored from it.',
    recovery: 'never',
    httpStatus: 422,
    exitCode: 3,
  },
  'backup-missing': {
    summary: 'A backup, or a part of it, is not where it was kept.',
    remedy: '`surefoot backup list` shows those that are there.',
    recovery: 'operator',
    httpStatus: 404,
    exitCode: 2,
  },
  'backup-key-missing': {
    summary:
      'The key that a backup was encrypted with is not configured here, or what is, is no key.',
    remedy:
      'Put the key back to where it was: `SUREFOOT_BACKUP_KEYS`, or `.surefoot/backup.key` of the machine that took it.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 2,
  },
  'backup-not-verified': {
    summary: 'A backup was taken, and what was restored from it is not what was taken.',
    remedy:
      'The record says what differs. `surefoot backup take` does the same without a deployment.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 3,
  },
  'backup-unverifiable': {
    summary:
      'A backup could not be taken or tried out: a server is gone, a program is missing, a disk is full.',
    remedy:
      'The message says what is missing. What was taken so far was removed; what is backed up was only read.',
    recovery: 'retry',
    httpStatus: 502,
    exitCode: 3,
  },
  'backup-store-refused': {
    summary:
      'The service that keeps backups refuses what is asked of it: wrong credentials, permissions, bucket or region.',
    remedy: 'The message says what to correct, in the environment, in `backupStore` or there.',
    recovery: 'operator',
    httpStatus: 422,
    exitCode: 2,
  },
  'backup-store-unreachable': {
    summary: 'The service that keeps backups does not answer, or has too much to do.',
    remedy: 'The message says what was looked for. Again does what is left.',
    recovery: 'retry',
    httpStatus: 502,
    exitCode: 3,
  },
  'not-switched': {
    summary:
      'What was restored was not put in the place of what is live: somebody works with it, or something is in the way.',
    remedy:
      'The message says what, and what is where. Nothing was written over; the same command again goes on from there.',
    recovery: 'operator',
    httpStatus: 409,
    exitCode: 3,
  },
} as const satisfies Record<string, FailureEntry>;
