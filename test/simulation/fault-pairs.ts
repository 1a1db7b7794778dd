/**
 * Pairs of faults, indexed by step: the first at every command of the run that has none, the second at
 * every command that follows, also at those which only the first has led to. Which of a command's calls
 * is struck, and how long everything takes, is up to the seed.
 */
import { carryOutRun, type RunResult } from './carry-out-run.ts';
import { carryOutRuns } from './carry-out-runs.ts';
import { faults } from './fault.ts';
import type { PlanShape, ReleaseBehaviour, Scenario } from './scenario.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { planOf, type SimulatedPlans } from './simulated-plans.ts';

export interface PairShare {
  readonly shape: PlanShape;
  readonly release: ReleaseBehaviour;
  readonly seed: number;
  /** Takes every `of`-th first fault from number `index` on, so that several may share the work. */
  readonly index: number;
  readonly of: number;
}

export async function faultPairs(
  plans: SimulatedPlans,
  { index, of, ...plain }: PairShare,
): Promise<Iterable<Scenario>> {
  const firsts = [
    ...withOneMore(await carryOutRun(planOf(plans, plain), { ...plain, faults: [] }), 0),
  ];
  const runs: RunResult[] = [];
  const ours = firsts.filter((_first, number) => number % of === index);
  await carryOutRuns(plans, ours, (run) => runs.push(run));
  return secondsOf(runs);
}

function* secondsOf(runs: readonly RunResult[]): Iterable<Scenario> {
  for (const run of runs) {
    const [first] = run.struck;
    if (first?.hadEffect) yield* withOneMore(run, first.at + 1);
  }
}

/** The run's scenario with every further fault, once at each command under way from call `from` on. */
function* withOneMore({ scenario, commandAt }: RunResult, from: number): Iterable<Scenario> {
  const random = seededRandom(scenario.seed * 7919 + from);
  for (const calls of callsByCommand(commandAt, from)) {
    for (const fault of faults) {
      const at = oneOf(calls, random);
      yield { ...scenario, faults: [...scenario.faults, { fault, at }], mustStrike: true };
    }
  }
}

function callsByCommand(commandAt: readonly number[], from: number): Iterable<readonly number[]> {
  const calls = new Map<number, number[]>();
  commandAt.forEach((command, at) => {
    if (at < from) return;
    const known = calls.get(command);
    if (known) known.push(at);
    else calls.set(command, [at]);
  });
  return calls.values();
}

function oneOf(calls: readonly number[], random: SeededRandom): number {
  return calls[random.below(calls.length)] ?? 0;
}
