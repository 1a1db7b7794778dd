/**
 * Ten deployments of the newsroom with migrations, for real and under load: what must not get through is stopped before
 * anything is touched, the data as it was and no client the wiser. About four minutes. With `--strikes`, eleven, in
 * each of which a process is killed or a disk is full. Leaves with 1 when one is not as it should be.
 */
import { readOptions } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { textTable } from '../command-line/text-table.ts';
import { migrationStrikes } from './migration-strikes.ts';
import { migrationTrials } from './migration-trials.ts';
import { runStrikes } from './run-strikes.ts';
import { runTrials } from './run-trials.ts';

const LOCK_SECONDS = 30;

await runCommand(async () => {
  const { strikes } = readOptions({ strikes: { type: 'boolean', default: false } });
  const { ends, isNothingLost } = strikes
    ? await runStrikes(migrationStrikes, say)
    : await runTrials(migrationTrials(LOCK_SECONDS), { blocked: '1s', say });
  const cells = ends.map(({ name, ended, wrong, fromMs, toMs, requests, clientErrors }) => [
    ...[name, ended, wrong.length === 0 ? 'as meant' : 'WRONG'],
    ...[`${((toMs - fromMs) / 1000).toFixed(1)} s`, String(requests), String(clientErrors)],
  ]);
  const titles = ['migration', 'deployment', 'end and data', 'took', 'requests', 'client errors'];
  process.stdout.write(`${textTable(titles, cells, 3)}\n\n`);
  process.stdout.write(`acknowledged writes are there: ${isNothingLost ? 'all' : 'NOT all'}\n`);
  const isGood = ends.every(({ wrong, clientErrors }) => wrong.length === 0 && clientErrors === 0);
  return isGood && isNothingLost ? 0 : 1;
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
