/** Deploys the newsroom with one migration after the other, and strikes in the middle of each. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentPart } from '../../src/core/backup/content.ts';
import { unlessMissing } from '../../src/platform/unless-missing.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { FULL_BYTES } from './full-disk.ts';
import type { MigrationStrike } from './migration-strikes.ts';
import { underLoad, withMigrationStand, type TriedEnd, type UnderLoad } from './migration-stand.ts';
import { finishedMigrations, newsroomData } from './newsroom-data.ts';

/** Other releases by turns, each with a column of its own. */
const RELEASES = ['2.0', '4.0'];
const SECONDS_UNDER_WAY = 1;
/** More than a file may hold on a disk that is full. */
const ROWS_FILLED = Math.ceil((2 * FULL_BYTES) / 1_000);
/** Of what is called nobody but its author can tell what it does. */
const SWORN = '-- surefoot: expand because nobody reads the column yet\n';

export function runStrikes(
  strikes: readonly MigrationStrike[],
  say: (text: string) => void,
): Promise<UnderLoad> {
  // What was taken back is deployed by the next one.
  const releases = [...RELEASES];
  return withMigrationStand('5s', (stand) =>
    underLoad(stand, strikes, {
      async tryOne(strike, number) {
        const end = await runStruck(stand, strike, { number, release: releases[0] ?? '' });
        if (end.ended === 'promoted') releases.reverse();
        return end;
      },
      say,
    }),
  );
}

async function runStruck(
  stand: NewsroomStand,
  strike: MigrationStrike,
  { number, release }: { readonly number: number; readonly release: string },
): Promise<TriedEnd> {
  const column = `column_${number}`;
  const file = `${String(number).padStart(4, '0')}_${column}.sql`;
  await writeFile(
    join(stand.root, 'migrations', file),
    [
      `${SWORN}ALTER TABLE newsroom.articles ADD COLUMN ${column} text;`,
      `SELECT pg_sleep(${SECONDS_UNDER_WAY});`,
      ...(strike.mustFail ? [fillerNamed(`filler_${number}`)] : []),
    ].join('\n'),
  );
  const before = await newsroomData(stand.databaseUrl);
  const dealt: Promise<void>[] = [];
  const fromMs = Date.now();
  const { outcome } = await stand.deploy(release, (line) => {
    if (dealt.length === 0 && strike.isReached(line)) dealt.push(strike.deal(stand));
  });
  const toMs = Date.now();
  await Promise.all(dealt);
  await strike.mend?.(stand);
  const isApplied = (await finishedMigrations(stand.databaseUrl)).includes(file);
  const after = await newsroomData(stand.databaseUrl);
  const wrong = [
    ...(dealt.length === 1 ? [] : ['it was never struck']),
    ...(outcome === 'promoted' || outcome === 'reverted' ? [] : [`it ended ${outcome}`]),
    ...(strike.mustFail && outcome === 'promoted' ? ['it was promoted all the same'] : []),
    ...(strike.mustFail && isApplied ? ['a part of its migration was applied'] : []),
    ...(outcome === 'promoted' && !isApplied ? ['promoted without its migration'] : []),
    ...wrongData(before, after, isApplied),
    ...(await wrongBackups(stand)),
    ...(await leftIn(stand)),
  ];
  return { name: strike.name, ended: outcome, wrong, fromMs, toMs };
}

function fillerNamed(table: string): string {
  return `CREATE TABLE newsroom.${table} AS SELECT repeat('x', 1000) AS x FROM generate_series(1, ${ROWS_FILLED});`;
}

/** Tables but for the column are built as they were; of the articles nothing is gone. */
function wrongData(
  before: readonly ContentPart[],
  after: readonly ContentPart[],
  isApplied: boolean,
): readonly string[] {
  const found = new Map(after.map((part) => [part.name, part]));
  return before.flatMap((part) => {
    const { name, size, hash, isDefinition } = part;
    const now = found.get(name);
    if (!now) return [`${name} is gone`];
    if (now.hash === hash && now.size === size) return [];
    // One column more is one line more of what tells how the table is built, and a value more in each row.
    const lines = isDefinition === true ? size + 1 : size;
    return isApplied && name.includes('articles') && now.size === lines
      ? []
      : [`${name} is not as it was: ${size} then, ${now.size} now`];
  });
}

/** Whatever lies there can be read, and the newest is verified. */
async function wrongBackups(stand: NewsroomStand): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await stand.surefoot(['backup', 'list', '--json']);
  if (exitCode !== 0) return [`backups cannot be listed: ${stderr}`];
  const { backups } = JSON.parse(stdout) as {
    readonly backups: readonly {
      readonly id: string;
      readonly kind: string;
      readonly state?: string;
    }[];
  };
  const unreadable = backups.filter(({ kind }) => kind !== 'readable');
  return [
    ...unreadable.map(({ id }) => `${id} cannot be read`),
    ...(backups.some(({ state }) => state === 'VERIFIED') ? [] : ['none is verified']),
  ];
}

/** Notes of what was restored, stored or run and is there yet. */
async function leftIn({ directory }: NewsroomStand): Promise<readonly string[]> {
  const folders = ['restoring', 'storing', 'using', 'running-checks'];
  const left = await Promise.all(
    folders.map(async (name) => {
      const found = (await unlessMissing(readdir(join(directory.root, name)))) ?? [];
      return found
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${name}/${file} is left`);
    }),
  );
  return left.flat();
}
