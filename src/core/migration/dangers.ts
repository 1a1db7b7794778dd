/** What old code could live with, if it were not applied like this. */
import type { Hazard } from './hazard.ts';

const IN_BATCHES = 'fill it in batches of some thousand rows, each in its own transaction';

export const dangers = {
  'default-fickle': {
    sentence:
      'each row gets a value of its own: the table is written anew while nobody can read it',
    remedy: `Add the column without a default, SET DEFAULT in a second statement, ${IN_BATCHES}.`,
  },
  'column-numbered': {
    sentence: 'each row gets its number: the table is written anew while nobody can read it',
    remedy: `Add a plain column, make a sequence and SET DEFAULT nextval(…), ${IN_BATCHES}.`,
  },
  'column-stored': {
    sentence:
      'each row gets its generated value: the table is written anew while nobody can read it',
    remedy: `Make it VIRTUAL (PostgreSQL 18), or a plain column: ${IN_BATCHES}.`,
  },
  'type-rewritten': {
    sentence: 'the table and its indexes are written anew while nobody can read it',
    remedy:
      'A longer varchar or text instead of varchar is free of it, and so is timestamptz from timestamp when the time zone is UTC; for the rest add a second column.',
  },
  'table-moved': {
    sentence: 'the table is copied while nobody can read it',
    remedy: 'Make a new table there, and fill it in batches; or pg_repack.',
  },
  'table-packed': {
    sentence: 'the table is copied while nobody can read it',
    remedy:
      'Plain VACUUM gives the room back for new rows; pg_repack shrinks a table that is in use.',
  },
  'null-scanned': {
    sentence: 'all rows are read while nobody can read them',
    remedy:
      'ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID (from PostgreSQL 18: NOT NULL … NOT VALID), VALIDATE CONSTRAINT in the file after that, then SET NOT NULL, which finds it and reads nothing.',
  },
  'check-scanned': {
    sentence: 'all rows are read while nobody can read them',
    remedy:
      'Add it NOT VALID, and VALIDATE CONSTRAINT in the file after that: readers and writers go on.',
  },
  'foreign-key-scanned': {
    sentence: 'all rows are looked up while nobody can write to either table',
    remedy:
      'Add it NOT VALID, and VALIDATE CONSTRAINT in the file after that: readers and writers go on.',
  },
  'index-under-lock': {
    sentence: 'an index is built while nobody can read the table',
    remedy: 'CREATE UNIQUE INDEX CONCURRENTLY in a file before, then ADD CONSTRAINT … USING INDEX.',
  },
  'index-not-concurrent': {
    sentence: 'nobody can write to the table while the index is built',
    remedy: 'CREATE INDEX CONCURRENTLY, alone in its file.',
  },
  'index-kept-invalid': {
    sentence: 'an invalid index that a failed attempt has left is taken for the finished one',
    remedy:
      'Without IF NOT EXISTS; before another attempt DROP INDEX CONCURRENTLY IF EXISTS, in a file before.',
  },
  'index-drop-not-concurrent': {
    sentence: 'nobody can read the table until all who use it are done, and it is dropped',
    remedy: 'DROP INDEX CONCURRENTLY, alone in its file.',
  },
  'reindex-not-concurrent': {
    sentence: 'nobody can write to the table, or read by the index, until it is built',
    remedy: 'REINDEX … CONCURRENTLY, alone in its file.',
  },
  'refresh-not-concurrent': {
    sentence: 'nobody can read it until it is filled',
    remedy: 'Give it a unique index, and REFRESH MATERIALIZED VIEW CONCURRENTLY.',
  },
  'detach-not-concurrent': {
    sentence: 'nobody can read the partitioned table meanwhile',
    remedy: 'DETACH PARTITION … CONCURRENTLY, alone in its file.',
  },
  'attach-scanned': {
    sentence: 'all rows of what is attached are read while nobody can read them',
    remedy: 'Add a CHECK with the bounds NOT VALID and validate it before: then nothing is read.',
  },
  'partition-in-place': {
    sentence:
      'nobody can read the partitioned table meanwhile, and a default partition is read whole',
    remedy: 'CREATE TABLE … (LIKE parent INCLUDING ALL), then ALTER TABLE parent ATTACH PARTITION.',
  },
  'work-under-lock': {
    sentence: 'it takes long, and the locks of the statements before it are held until it ends',
    remedy: 'Put it into a file of its own.',
  },
  'many-locks': {
    sentence:
      'several tables are locked against readers at once, which waits long and may deadlock',
    remedy: 'One table a file.',
  },
  'lock-timeout-missing': {
    sentence: 'while it waits for its lock, everybody else waits behind it',
    remedy: "Put `SET lock_timeout = '2s';` before it, and try again when it ran out.",
  },
  'lock-table': {
    sentence: 'it keeps others away for as long as the file takes',
    remedy:
      'Leave it out: each statement takes the lock it needs. Lock rows, or use an advisory lock.',
  },
  'whole-table-changed': {
    sentence: 'all rows are changed in one transaction: its locks and dead rows stay until the end',
    remedy: 'In batches of some thousand rows by key, each in its own transaction.',
  },
  'enum-value-used': {
    sentence: 'PostgreSQL refuses a new value of an enum in the transaction that adds it',
    remedy: 'Use it in the file after that.',
  },
  'not-in-transaction': {
    sentence: 'PostgreSQL refuses it in a transaction, so it cannot be with other statements',
    remedy: 'Alone in its file (SET lock_timeout may be with it).',
  },
  'transaction-control': {
    sentence: 'the file is no longer done wholly or not at all, and what was done is not on record',
    remedy: 'Leave it out: each file is one transaction.',
  },
  'setting-left': {
    sentence: 'it stays set for the files after this one',
    remedy: 'SET LOCAL, or names with their schema.',
  },
  'server-file': {
    sentence: 'it reads, writes or runs something on the machine of the database',
    remedy: 'Let a client do it, which has its own rights: \\copy of psql, or the new release.',
  },
  'database-made': {
    sentence: 'it is of the whole server, cannot be rehearsed on a backup, and is not in one',
    remedy: 'Make it where the server is set up.',
  },
  'mark-contradicted': {
    sentence: 'the author says expand, and a statement says that it is not',
    remedy: 'A mark answers what is open; it never makes an expand migration of a contract one.',
  },
} as const satisfies Readonly<Record<string, Hazard>>;
