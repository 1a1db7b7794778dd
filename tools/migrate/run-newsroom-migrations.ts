/**
 * Ten deployments of the newsroom with migrations, for real and under load: what must not get through is stopped before
 * anything is touched, the data as it was and no client the wiser. About four minutes; leaves with 1 when one is not.
 */
import { runCommand } from '../command-line/run-command.ts';
import { textTable } from '../command-line/text-table.ts';
import { migrationTrials } from './migration-trials.ts';
import { runTrials } from './run-trials.ts';

const LOCK_SECONDS = 30;

await runCommand(async () => {
  const { trials, isNothingLost } = await runTrials(migrationTrials(LOCK_SECONDS), {
    blocked: '1s',
    say: (text) => process.stderr.write(`${text}\n`),
  });
  const rows = trials.map(({ trial, ended, wrong, fromMs, toMs, requests, clientErrors }) => [
    ...[trial.name, ended, wrong.length === 0 ? 'as meant' : 'WRONG'],
    ...[`${((toMs - fromMs) / 1000).toFixed(1)} s`, String(requests), String(clientErrors)],
  ]);
  const titles = ['migration', 'deployment', 'end and data', 'took', 'requests', 'client errors'];
  process.stdout.write(`${textTable(titles, rows, 3)}\n\n`);
  process.stdout.write(`acknowledged writes are there: ${isNothingLost ? 'all' : 'NOT all'}\n`);
  const isGood = trials.every(
    ({ wrong, clientErrors }) => wrong.length === 0 && clientErrors === 0,
  );
  return isGood && isNothingLost ? 0 : 1;
});
