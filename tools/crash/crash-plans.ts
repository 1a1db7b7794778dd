/** Which runs a matrix is made of: one for each strike, victim and step, the rest drawn from the seed. */
import type { PlanAnswer } from '../../src/api/contract/answers.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { LONG_FREEZE_MS, SHORT_FREEZE_MS, type Blow, type StrikeKind } from './blow.ts';
import type { CrashPlan } from './crash-run.ts';
import type { Victim } from './victim.ts';
import { WrongOption } from './wrong-option.ts';

export interface StepNames {
  readonly forward: readonly string[];
  readonly revert: readonly string[];
}

/** As the plan of a good release has them. */
export async function stepNamesIn(stand: NewsroomStand): Promise<StepNames> {
  const { stdout } = await stand.surefoot(['plan', '--release', '2.0', '--json']);
  const { plan } = JSON.parse(stdout) as PlanAnswer;
  return { forward: plan.steps.map(({ id }) => id), revert: plan.revert.map(({ id }) => id) };
}

export function crashPlans(
  names: StepNames,
  kind: StrikeKind,
  wanted: {
    readonly victims: readonly Victim[];
    readonly steps: readonly string[] | 'all';
    readonly seed: number;
  },
): readonly CrashPlan[] {
  const { victims, steps, seed } = wanted;
  const known = [...names.forward, ...names.revert];
  const unknown = steps === 'all' ? undefined : steps.find((step) => !known.includes(step));
  if (unknown !== undefined) {
    throw new WrongOption(`--steps takes all, or some of ${known.join(', ')}; not "${unknown}"`);
  }
  const plans = victims.flatMap((victim) =>
    stepsOf(victim, names)
      .filter((step) => steps === 'all' || steps.includes(step))
      .map((step, index) => planOf({ victim, kind, step }, names, index + seed)),
  );
  if (plans.length > 0) return plans;
  throw new WrongOption('No victim has a process at any of these steps.');
}

/** In the order of the protocol; for an instance only those at which it has a process. */
function stepsOf(victim: Victim, { forward, revert }: StepNames): readonly string[] {
  switch (victim) {
    case 'candidate':
      return [
        ...forward.slice(forward.indexOf('start-candidate')),
        ...revert.slice(0, revert.indexOf('stop-candidate') + 1),
      ];
    case 'stable':
      return [...forward.slice(0, forward.indexOf('retire-old')), ...revert];
    default:
      return [...forward, ...revert];
  }
}

function planOf(
  { victim, kind, step }: { victim: Victim; kind: StrikeKind; step: string },
  names: StepNames,
  draw: number,
): CrashPlan {
  const isCandidate = victim === 'candidate';
  // Once it is stopped it has no process left to strike, and what does not start never had one.
  const isBefore = draw % 2 === 0 || (isCandidate && step === 'stop-candidate');
  const isBroken = draw % 4 >= 2 && !isCandidate;
  return {
    victim,
    blow: blowOf(kind, draw),
    step,
    moment: isBefore ? 'CommandIssued' : 'CommandSucceeded',
    way: names.forward.includes(step) ? 'good' : isBroken ? 'broken' : 'aborted',
  };
}

/** By turns shorter and longer than the lease, each at and after steps. */
function blowOf(kind: StrikeKind, draw: number): Blow {
  if (kind === 'kill') return { kind };
  return { kind, forMs: draw % 4 < 2 ? SHORT_FREEZE_MS : LONG_FREEZE_MS };
}
