/**
 * Pairs of faults, indexed by step: the first at every command of the run that has none, the second at
 * every command that follows, also at those which only the first has led to. Which of a command's calls
 * is struck, and how long everything takes, is up to the seed. What is the same in
 * another plan, or with a good release, is made there only.
 */
import { carryOutRun, type RunResult } from './carry-out-run.ts';
import { carryOutRuns } from './carry-out-runs.ts';
import type { Fault } from './fault.ts';
import { faultsOf } from './faults-of.ts';
import { phaseOf, phases, type Phase } from './phase.ts';
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

/** Where a plan differs from the one with two shifts, when it does so in a few steps only. */
const DIFFERS_IN: Readonly<Partial<Record<PlanShape, Phase>>> = {
  mirrored: 'mirror',
  compared: 'gate',
  migrated: 'secure',
};
/** Before it a release is as good as any. */
const SHOWS_IN: Readonly<Partial<Record<ReleaseBehaviour, Phase>>> = {
  exits: 'start',
  errors: 'shift',
  slower: 'shift',
};

export async function faultPairs(
  plans: SimulatedPlans,
  { index, of, ...plain }: PairShare,
): Promise<Iterable<Scenario>> {
  const plan = planOf(plans, plain);
  const faults = faultsOf(plan);
  const firsts = [
    ...withOneMore(await carryOutRun(plan, { ...plain, faults: [] }), { faults, from: 0 }),
  ];
  const runs: RunResult[] = [];
  const ours = firsts.filter((_first, number) => number % of === index);
  await carryOutRuns(plans, ours, (run) => runs.push(run));
  return secondsOf(runs, faults, plain);
}

function* secondsOf(
  runs: readonly RunResult[],
  faults: readonly Fault[],
  of: Pick<PairShare, 'shape' | 'release'>,
): Iterable<Scenario> {
  for (const run of runs) {
    const [first] = run.struck;
    if (!first?.hadEffect) continue;
    const before = phaseOf(first.step);
    const isWanted = (phase: Phase): boolean => isOfItsOwn(of, before, phase);
    yield* withOneMore(run, { faults, from: first.at + 1, isWanted });
  }
}

/** Whether faults in two phases are no pair of another plan, nor of a good release, as well. */
function isOfItsOwn(
  { shape, release }: Pick<PairShare, 'shape' | 'release'>,
  first: Phase,
  second: Phase,
): boolean {
  const only = DIFFERS_IN[shape];
  if (only !== undefined && first !== only && second !== only) return false;
  return phases.indexOf(second) >= phases.indexOf(SHOWS_IN[release] ?? 'accept');
}

/** The run's scenario with every further fault, once at each command under way from call `from` on. */
function* withOneMore(
  { scenario, commandAt, stepAt }: RunResult,
  {
    faults,
    from,
    isWanted = () => true,
  }: {
    readonly faults: readonly Fault[];
    readonly from: number;
    readonly isWanted?: (phase: Phase) => boolean;
  },
): Iterable<Scenario> {
  const random = seededRandom(scenario.seed * 7919 + from);
  for (const calls of callsByCommand(commandAt, from)) {
    if (!isWanted(phaseOf(stepAt[calls[0] ?? 0] ?? ''))) continue;
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
