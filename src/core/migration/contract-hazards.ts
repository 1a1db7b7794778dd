/** What the release that runs cannot live with: for a deployment after the one that stops to need it. */
import type { Hazard } from './hazard.ts';

const LATER = 'Mark the file `-- surefoot: contract`, and ship it in a deployment after that.';

export const contractHazards = {
  'column-dropped': {
    sentence: 'the column goes, and every statement of old code that names it fails',
    remedy: `Ship a release that no longer names it (make it nullable first, so that inserts may leave it out). ${LATER}`,
  },
  'column-type-changed': {
    sentence: 'the type changes under old code, which writes and reads the former one',
    remedy: `Add a column of the new type, write both, fill it in batches, read the new one. ${LATER}`,
  },
  'column-required': {
    sentence: 'inserts of old code, which do not name the column, fail',
    remedy:
      'Add it nullable or with a constant default, fill it in batches, then add NOT NULL as NOT VALID and validate it in a later deployment.',
  },
  'null-refused': {
    sentence: 'what old code writes as NULL is refused',
    remedy: `Ship a release that never writes NULL, and fill what is there. ${LATER}`,
  },
  'default-dropped': {
    sentence: 'inserts of old code that rely on the default get NULL, or fail',
    remedy: `Ship a release that names the value itself. ${LATER}`,
  },
  'generation-changed': {
    sentence: 'the database makes the value in another way than old code counts on',
    remedy: `Add a second column, and move to it. ${LATER}`,
  },
  renamed: {
    sentence: 'old code knows it by its former name only',
    remedy: `Add the new name beside it: a column that is written as well, or a view of the table. ${LATER}`,
  },
  dropped: {
    sentence: 'it goes, and what old code does with it fails',
    remedy: `Ship a release that does not use it any more. ${LATER}`,
  },
  'index-dropped': {
    sentence: 'what old code looks up by it becomes slow, and ON CONFLICT on it fails',
    remedy: `Ship a release that does not need it; look at pg_stat_user_indexes. ${LATER}`,
  },
  'constraint-dropped': {
    sentence: 'what old code relies on is no longer kept, and ON CONFLICT on it fails',
    remedy: `Ship a release that does not rely on it. ${LATER}`,
  },
  'check-added': {
    sentence: 'rows that old code may write are refused, with NOT VALID, too',
    remedy: `Ship a release that writes only what it allows. ${LATER} Add it NOT VALID there, and validate it in the file after that.`,
  },
  'foreign-key-added': {
    sentence: 'what old code may write or delete is refused, with NOT VALID, too',
    remedy: `Ship a release that keeps to it. ${LATER} Add it NOT VALID there, and validate it in the file after that.`,
  },
  'uniqueness-added': {
    sentence: 'values that old code may write twice are refused',
    remedy: `Ship a release that writes none twice. ${LATER} Build the index CONCURRENTLY there, and add the constraint USING INDEX.`,
  },
  'schema-changed': {
    sentence: 'it moves to another schema, where old code does not look for it',
    remedy: `Make a view at the place that the new release looks at. ${LATER}`,
  },
  'owner-changed': {
    sentence: 'the account of old code may lose its rights',
    remedy: `Grant the new account what it needs beside the old one. ${LATER}`,
  },
  'rights-revoked': {
    sentence: 'what old code may do is taken from it',
    remedy: `Ship a release that does without. ${LATER}`,
  },
  'row-security-changed': {
    sentence: 'old code sees and writes other rows than before',
    remedy: `Ship a release that sets what the policies ask for. ${LATER}`,
  },
  'trigger-changed': {
    sentence: 'the statements of old code do something else than before',
    remedy: `Let the new release do it, or put it on a table that is new. Otherwise: ${LATER}`,
  },
  'view-replaced': {
    sentence: 'old code gets something else by the same name',
    remedy: `Make a view with another name (plain CREATE VIEW, when there is none yet). ${LATER}`,
  },
  'function-replaced': {
    sentence: 'old code gets something else by the same name',
    remedy: `Make a function with another name (plain CREATE FUNCTION, when there is none yet). ${LATER}`,
  },
  'type-changed': {
    sentence:
      'values that old code writes and reads are changed or refused; all tables with a changed domain are read under SHARE locks',
    remedy: `Add the new value or a new type beside it. ${LATER}`,
  },
  'sequence-changed': {
    sentence: 'the numbers that old code draws change',
    remedy: `Use a new sequence. ${LATER}`,
  },
  'rows-removed': {
    sentence: 'rows are gone for good, for old code and for a rollback',
    remedy: `Mark them as gone and let the new release leave them out. ${LATER} Remove them there, in batches, with a verified backup.`,
  },
  'partition-changed': {
    sentence: 'rows come into a partitioned table, or leave it, under old code',
    remedy: `Attach partitions that are made in the same file, and empty. Otherwise: ${LATER}`,
  },
  'inheritance-changed': {
    sentence: 'other rows than before belong to the table that old code reads',
    remedy: `Read both tables in the new release. ${LATER}`,
  },
  'settings-changed': {
    sentence: 'sessions of old code work under other rights or settings',
    remedy: `Give the new release an account of its own. ${LATER}`,
  },
  'durability-lost': {
    sentence: 'a crash of PostgreSQL empties the table',
    remedy: `Make a new table that is UNLOGGED for what may be lost. ${LATER}`,
  },
  'cast-added': {
    sentence: 'statements of old code may mean something else, as values are turned by themselves',
    remedy: `Make it an explicit cast, without AS IMPLICIT or AS ASSIGNMENT. ${LATER}`,
  },
} as const satisfies Readonly<Record<string, Hazard>>;
