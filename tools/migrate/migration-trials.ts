/** Deployments of the newsroom with migrations, good ones and such as must never get through. */

export interface MigrationTrial {
  readonly name: string;
  readonly release: string;
  /** Put beside those that are there already, and taken away again unless it gets through. */
  readonly file: string;
  readonly sql: string;
  readonly meant:
    | { readonly kind: 'promoted'; readonly applied: readonly string[] }
    /** By a step of the deployment, before anything is touched. */
    | { readonly kind: 'stopped'; readonly step: string; readonly says: RegExp }
    /** Not even planned. */
    | { readonly kind: 'refused'; readonly says: RegExp };
}

const REHEARSED = 'rehearse-migrations';
/** What its author swears to and what is hidden from a reader of SQL. */
const SWORN = '-- surefoot: expand because nobody uses it any more\n';

/** `lockSeconds`: how long the one that keeps others out does so. */
export function migrationTrials(lockSeconds: number): readonly MigrationTrial[] {
  return [
    {
      ...{ name: 'a column more', release: '2.0', file: '0001_subtitle.sql' },
      sql: 'ALTER TABLE newsroom.articles ADD COLUMN subtitle text;\n',
      meant: { kind: 'promoted', applied: ['0001_subtitle.sql'] },
    },
    {
      ...{ name: 'it fails', release: '4.0', file: '0002_fails.sql' },
      sql: `${SWORN}SELECT 1 / (count(*) - count(*)) FROM newsroom.articles;\n`,
      meant: { kind: 'stopped', step: REHEARSED, says: /0002_fails\.sql.*division by zero/ },
    },
    {
      ...{ name: 'it loses rows', release: '4.0', file: '0002_loses.sql' },
      sql: `${SWORN}DO $$ BEGIN EXECUTE 'DELETE FR' || 'OM newsroom.articles WHERE id % 2 = 0'; END $$;\n`,
      meant: { kind: 'stopped', step: REHEARSED, says: /loses \d+ rows, where none is allowed/ },
    },
    {
      ...{ name: 'it locks', release: '4.0', file: '0002_locks.sql' },
      sql: `${SWORN}ALTER TABLE newsroom.articles ADD COLUMN more text;\nSELECT pg_sleep(${lockSeconds});\n`,
      meant: { kind: 'stopped', step: REHEARSED, says: /articles \(ACCESS EXCLUSIVE\) for \d/ },
    },
    {
      ...{ name: 'old code cannot live with it', release: '4.0', file: '0002_renames.sql' },
      sql: `${SWORN}DO $$ BEGIN EXECUTE 'ALTER TABLE newsroom.articles REN' || 'AME title TO headline'; END $$;\n`,
      meant: {
        kind: 'stopped',
        step: REHEARSED,
        says: /what serves \(2\.0\) lives with what they/,
      },
    },
    {
      ...{ name: 'what must hold does not', release: '4.0', file: '0002_orphans.sql' },
      sql: `${SWORN}DO $$ BEGIN EXECUTE 'UPDA' || 'TE newsroom.articles SET words = -1 WHERE id = 1'; END $$;\n`,
      meant: { kind: 'stopped', step: REHEARSED, says: /invariant words-are-counted: false/ },
    },
    {
      ...{ name: 'nobody can tell', release: '4.0', file: '0002_unknown.sql' },
      sql: 'DO $$ BEGIN PERFORM newsroom.tidy_up(); END $$;\n',
      meant: { kind: 'refused', says: /Nobody can tell whether the code that serves lives with/ },
    },
    {
      ...{ name: 'edited afterwards', release: '4.0', file: '0001_subtitle.sql' },
      sql: 'ALTER TABLE newsroom.articles ADD COLUMN subtitle varchar(80);\n',
      meant: { kind: 'refused', says: /0001_subtitle\.sql was edited after it was applied/ },
    },
    {
      ...{ name: 'a column less: it waits', release: '4.0', file: '0002_no_subtitle.sql' },
      sql: 'ALTER TABLE newsroom.articles DROP COLUMN subtitle;\n',
      meant: { kind: 'promoted', applied: ['0001_subtitle.sql'] },
    },
    {
      ...{ name: 'until what serves came with it', release: '2.0', file: '0002_no_subtitle.sql' },
      sql: 'ALTER TABLE newsroom.articles DROP COLUMN subtitle;\n',
      meant: { kind: 'promoted', applied: ['0001_subtitle.sql', '0002_no_subtitle.sql'] },
    },
  ];
}
