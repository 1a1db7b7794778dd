/**
 * `npm run mutate:backup`: changes backups by one thing each, in every way that somebody can who has no key, and asks for
 * them then. `--count` (10000) of them, `--postgres` (300) of which are of a whole server, `--seed` (1). None may be accepted.
 */
import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { textTable } from '../command-line/text-table.ts';
import { seededDraw } from './draw.ts';
import { allMutations, contentMutations } from './mutations.ts';
import { withFiles, withPostgres } from './subjects.ts';
import { tryMutations, type Tally } from './try-mutations.ts';

await runCommand(main);

/** Leaves with 1 when one was accepted. */
async function main(): Promise<number> {
  const values = readOptions({
    count: { type: 'string', default: '10000' },
    postgres: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  });
  const count = wholeNumber('count', values.count);
  const ofPostgres = Math.min(count, wholeNumber('postgres', values.postgres));
  const draw = seededDraw(wholeNumber('seed', values.seed));
  const startedMs = performance.now();
  const tallies = [
    ...(await withFiles((subject) =>
      tryMutations(allMutations, { subject, draw, count: count - ofPostgres }),
    )),
    ...(ofPostgres === 0
      ? []
      : (
          await withPostgres((subject) =>
            tryMutations(contentMutations, { subject, draw, count: ofPostgres }),
          )
        ).map((tally) => ({ ...tally, kind: `PostgreSQL, ${tally.kind}` }))),
  ];
  const sum = (of: 'tried' | 'accepted'): number =>
    tallies.reduce((total, tally) => total + tally[of], 0);
  process.stdout.write(`${tableOf(tallies)}\n\n`);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  process.stdout.write(
    `${sum('tried')} mutations, ${sum('accepted')} accepted (seed ${values.seed}, ${seconds} s)\n`,
  );
  return sum('accepted') === 0 ? 0 : 1;
}

function tableOf(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ kind, tried, accepted }) => [kind, String(tried), String(accepted)]);
  return textTable(['mutation', 'tried', 'accepted'], rows, 1);
}
