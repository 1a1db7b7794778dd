/** What every migration driver must do. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { OperationalError } from '../../core/operational-error.ts';
import type { MigrationText } from '../../core/migration/migration-file.ts';
import type { Migrator } from '../contract.ts';

export interface MigrationSubject {
  readonly migrator: Migrator;
  /** Of an empty database. */
  readonly url: string;
  readonly texts: MigrationTexts;
  /** Where a statement is wrong, as what applies it says it. */
  readonly says?: RegExp;
  /** How many rows a table of that database has; null without such a table. */
  readonly rowsOf: (table: string) => Promise<number | null>;
  /** Whether `slow` is under way. */
  readonly isBusy: () => Promise<boolean>;
}

/** What the suite has applied, in the language of the driver. */
export interface MigrationTexts {
  /** Makes a table `notes` without rows. */
  readonly made: string;
  /** Writes two rows into it. */
  readonly filled: string;
  /** Makes a table `half` in its first line, and fails in its second. */
  readonly wrong: string;
  /** Writes one row into it, each time. */
  readonly counted: string;
  /** Makes a table `slow`, if anything, and does not end for a minute. */
  readonly slow: string;
}

export const SQL_TEXTS: MigrationTexts = {
  made: 'CREATE TABLE notes (id int PRIMARY KEY, text text)',
  filled: "INSERT INTO notes VALUES (1, 'one'), (2, 'two')",
  wrong: 'CREATE TABLE half (id int);\nALTER TABLE notes ADD none_such_type x_y_z',
  counted: 'INSERT INTO notes SELECT count(*) FROM notes',
  slow: 'CREATE TABLE slow (id int); SELECT pg_sleep(60)',
};

/** Of the suite, and of what drivers test beside it. */
export const limits = { lockMs: 200, statementMs: 10_000 };
export const context = { signal: new AbortController().signal };

export function aMigration(name: string, text: string, isTransaction = true): MigrationText {
  return { name, path: `/nowhere/${name}`, text, digest: `digest of ${text}`, isTransaction };
}

interface Named {
  readonly made: MigrationText;
  readonly filled: MigrationText;
  readonly wrong: MigrationText;
  readonly counted: MigrationText;
  readonly slow: MigrationText;
}

function named(texts: MigrationTexts): Named {
  return {
    made: aMigration('1_make.sql', texts.made),
    filled: aMigration('2_fill.sql', texts.filled),
    wrong: aMigration('3_wrong.sql', texts.wrong),
    counted: aMigration('2_count.sql', texts.counted),
    slow: aMigration('2_slow.sql', texts.slow),
  };
}

export function describeMigration(
  name: string,
  subject: (t: TestContext) => Promise<MigrationSubject>,
): void {
  test(`${name}: what is applied is known, once and in order`, async (t) => {
    const { migrator, url, texts, rowsOf } = await subject(t);
    const { made, filled } = named(texts);
    assert.deepEqual(await migrator.applied(url, context), []);

    const first = await migrator.apply(url, [made, filled], limits, context);
    const again = await migrator.apply(url, [made, filled], limits, context);

    assert.deepEqual(
      first.map((run) => run.name),
      [made.name, filled.name],
    );
    assert.deepEqual(again, []);
    assert.deepEqual(
      await migrator.applied(url, context),
      [made, filled].map(({ name: each, digest }) => ({
        ...{ name: migrator.recordedAs(each), digest, isFinished: true },
      })),
    );
    assert.equal(await rowsOf('notes'), 2);
  });

  test(`${name}: one that fails leaves nothing of itself, and those before it`, async (t) => {
    const { migrator, url, texts, rowsOf, says = /3_wrong\.sql, line 2: / } = await subject(t);
    const { made, wrong, filled } = named(texts);

    await assert.rejects(migrator.apply(url, [made, wrong, filled], limits, context), (error) => {
      assert.ok(error instanceof OperationalError);
      assert.equal(error.failure.code, 'migration-failed');
      assert.match(error.message, says);
      return true;
    });

    const known = await migrator.applied(url, context);
    assert.deepEqual(
      known.map((each) => each.name),
      [migrator.recordedAs(made.name)],
    );
    assert.equal(await rowsOf('half'), null);
  });

  test(`${name}: of many at once each is applied once`, async (t) => {
    const { migrator, url, texts, rowsOf } = await subject(t);
    const { made, counted } = named(texts);

    const runs = await Promise.all(
      [1, 2, 3].map(() =>
        migrator.apply(url, [made, counted], { ...limits, lockMs: 10_000 }, context),
      ),
    );

    assert.equal(runs.flat().length, 2);
    assert.equal(await rowsOf('notes'), 1);
  });

  test(`${name}: whoever is told to stop leaves nothing half`, async (t) => {
    const { migrator, url, texts, rowsOf, isBusy } = await subject(t);
    const { made, slow } = named(texts);
    const stop = new AbortController();
    await migrator.apply(url, [made], limits, context);

    const running = migrator.apply(url, [slow], { ...limits, statementMs: 60_000 }, stop);
    const refused = assert.rejects(running, /enough/);
    while (!(await isBusy()));
    stop.abort(new Error('enough'));
    await refused;

    while (await isBusy());
    assert.equal((await migrator.applied(url, context)).length, 1);
    assert.equal(await rowsOf('slow'), null);
  });
}
