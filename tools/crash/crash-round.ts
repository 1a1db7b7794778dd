/** Runs of one kind of strike, one after the other on a stand of their own, and what became of them. */
import { tellBlow, type StrikeKind } from './blow.ts';
import { stepNamesIn, type StepNames } from './crash-plans.ts';
import { crashRun, type CrashPlan, type CrashRun } from './crash-run.ts';
import { openCrashStand, type ClientRecord, type CrashStand } from './crash-stand.ts';
import type { RolloutFigures } from '../stand/newsroom-stand.ts';
import { judgeClients, type JudgedRun } from './judge-clients.ts';
import { logLines, runLine, violationLines } from './tell-run.ts';

export interface CrashRound {
  readonly kind: StrikeKind;
  readonly rollout: RolloutFigures;
  readonly requestsPerSecond: number;
  readonly seed: number;
  readonly mix?: string;
  readonly plansOf: (names: StepNames) => readonly CrashPlan[];
  readonly say: (text: string) => void;
  /** Ends it after the run at hand; what was seen until then is judged. */
  readonly stop?: AbortSignal;
}

export interface RoundResult {
  /** In the order in which they were made, with those whose strike did not fire. */
  readonly runs: readonly JudgedRun[];
  /** What no single run has to answer for. */
  readonly faults: readonly string[];
}

/** A good release that the judge took for a bad one on a busy machine never came to its step. */
const TRIES_MAX = 3;
/** What takes so long is worth a look at the logs. */
const SLOW_MS = 45_000;

export async function crashRound(round: CrashRound): Promise<RoundResult> {
  const stand = await openCrashStand({ ...round, hasTap: round.kind === 'wire' });
  let plans: readonly CrashPlan[];
  let runs: readonly CrashRun[];
  let clients: ClientRecord;
  try {
    plans = round.plansOf(await stepNamesIn(stand));
    runs = await makeRuns(stand, plans, round);
    clients = await stand.endLoad();
  } finally {
    await stand.close();
  }
  return {
    runs: judgeClients(runs, clients),
    faults: [
      ...(round.stop?.aborted === true ? [] : missing(plans, runs)),
      ...(clients.isEveryWriteThere ? [] : ['An acknowledged comment is not there exactly once.']),
    ],
  };
}

async function makeRuns(
  stand: CrashStand,
  plans: readonly CrashPlan[],
  { say, stop }: Pick<CrashRound, 'say' | 'stop'>,
): Promise<CrashRun[]> {
  const runs: CrashRun[] = [];
  for (const [index, plan] of plans.entries()) {
    if (stop?.aborted === true) break;
    for (let tries = 1; ; tries += 1) {
      const errorsBefore = await stand.clientErrors();
      const run = await crashRun(stand, plan);
      const errors = (await stand.clientErrors()) - errorsBefore;
      say(`${index + 1}/${plans.length} ${runLine(run)}; ${errors} client errors so far`);
      if (run.violations.length > 0 || run.toMs - run.fromMs > SLOW_MS) {
        const lines = violationLines({ ...run, requests: 0, clientErrors: [], unexplained: [] });
        say([...lines, ...(await logLines(stand.directory))].join('\n'));
      }
      runs.push(run);
      if (run.outcome === 'running') return runs;
      // What it left open would refuse all that follow.
      if (run.outcome === 'held') await stand.surefoot(['rollback', '--yes']);
      if (run.strike !== null || tries === TRIES_MAX) break;
    }
  }
  return runs;
}

/** A step that was never reached is a violation. */
function missing(plans: readonly CrashPlan[], runs: readonly CrashRun[]): readonly string[] {
  return plans
    .filter((plan) => !runs.some((run) => run.plan === plan && run.strike !== null))
    .map(({ victim, blow, step }) => `${victim} never got its ${tellBlow(blow)} at ${step}.`);
}
