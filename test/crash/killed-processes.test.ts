/** A part of the crash matrix (`npm run crash`), judged by the same functions. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { crashRun, type CrashPlan, type CrashRun } from '../../tools/crash/crash-run.ts';
import { openCrashStand, type CrashStand } from '../../tools/crash/crash-stand.ts';
import { judgeClients } from '../../tools/crash/judge-clients.ts';
import { violationLines } from '../../tools/crash/tell-run.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };
const TRIES_MAX = 3;

async function makeRuns(test: TestContext, plans: readonly CrashPlan[]): Promise<void> {
  const stand = await openCrashStand();
  test.after(() => stand.close());
  const runs: CrashRun[] = [];
  for (const plan of plans) {
    runs.push(await untilStruck(stand, plan));
    test.diagnostic(`${plan.victim} at ${plan.step}: ${runs.at(-1)!.outcome}`);
  }

  const clients = await stand.endLoad();

  for (const run of judgeClients(runs, clients)) {
    assert.deepEqual(run.violations, [], violationLines(run).join('\n'));
  }
  assert.ok(clients.isEveryWriteThere, 'every acknowledged comment is there exactly once');
}

/** On a busy machine a good release may look slow and never come to its step. */
async function untilStruck(stand: CrashStand, plan: CrashPlan): Promise<CrashRun> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const run = await crashRun(stand, plan);
    if (run.strike !== null || run.violations.length > 0) return run;
  }
  throw new Error(`${plan.victim} was never killed at ${plan.step}.`);
}

const blow = { kind: 'kill' } as const;
const good = { blow, moment: 'CommandIssued', way: 'good' } as const;
const after = { blow, moment: 'CommandSucceeded', way: 'good' } as const;
const back = { blow, moment: 'CommandIssued', way: 'aborted' } as const;

test(
  'a deployment ends as promised and no client notices when the server is killed',
  options,
  (t) =>
    makeRuns(t, [
      { victim: 'server', step: 'start-candidate', ...good },
      { victim: 'server', step: 'shift-50', ...after },
      { victim: 'server', step: 'retire-old', ...good },
      { victim: 'server', step: 'zero-candidate', ...back },
    ]),
);

test('a deployment ends as promised whatever else is killed', options, (t) =>
  makeRuns(t, [
    { victim: 'host', step: 'start-candidate', ...good },
    { victim: 'host', step: 'retire-old', ...good },
    { victim: 'postgres', step: 'shift-20', ...after },
    { victim: 'postgres', step: 'stop-candidate', ...back },
    { victim: 'edge', step: 'judge-50', ...good },
    { victim: 'candidate', step: 'judge-50', ...good },
  ]),
);
