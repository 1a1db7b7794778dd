/** Which runs a matrix is made of: one for each strike, victim and step, the rest drawn from the seed. */
import type { PlanAnswer } from '../../src/api/contract/answers.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { LONG_FREEZE_MS, SHORT_FREEZE_MS, type Blow, type StrikeKind } from './blow.ts';
import type { CrashPlan } from './crash-run.ts';
import { randomAt } from '../load/random-at.ts';
import type { Victim } from './victim.ts';
import { verbOf } from './wire/verb-of.ts';
import { victimOf, wirePoints } from './wire/wire-point.ts';
import { WrongOption } from '../command-line/wrong-option.ts';

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
    readonly points: 'sample' | 'all';
    readonly seed: number;
  },
): readonly CrashPlan[] {
  const { victims, steps, points, seed } = wanted;
  const known = [...names.forward, ...names.revert];
  const unknown = steps === 'all' ? undefined : steps.find((step) => !known.includes(step));
  if (unknown !== undefined) {
    throw new WrongOption(`--steps takes all, or some of ${known.join(', ')}; not "${unknown}"`);
  }
  const isWanted = (step: string): boolean => steps === 'all' || steps.includes(step);
  const plans =
    kind === 'wire'
      ? wirePlans(names, known.filter(isWanted), { victims, points, seed })
      : victims.flatMap((victim) =>
          stepsOf(victim, names)
            .filter(isWanted)
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

/** Every point of each step, or one of them, drawn. */
function wirePlans(
  names: StepNames,
  steps: readonly string[],
  wanted: {
    readonly victims: readonly Victim[];
    readonly points: 'sample' | 'all';
    readonly seed: number;
  },
): readonly CrashPlan[] {
  const { victims, points, seed } = wanted;
  return steps.flatMap((step, index) => {
    const reachable = wirePoints.filter(
      (point) =>
        victims.includes(victimOf(point)) && (point.place !== 'verb' || verbOf(step) !== null),
    );
    const drawn = Math.floor(randomAt(seed, index, 0) * reachable.length);
    const chosen = points === 'all' ? reachable : reachable.slice(drawn, drawn + 1);
    return chosen.map((point): CrashPlan => {
      const moment = 'CommandIssued';
      const way = wayTo(step, names, index + seed);
      return { victim: victimOf(point), blow: { kind: 'wire', point }, step, moment, way };
    });
  });
}

function planOf(
  { victim, kind, step }: { victim: Victim; kind: Exclude<StrikeKind, 'wire'>; step: string },
  names: StepNames,
  draw: number,
): CrashPlan {
  const isCandidate = victim === 'candidate';
  // Once it is stopped it has no process left to strike, and what does not start never had one.
  const isBefore = draw % 2 === 0 || (isCandidate && step === 'stop-candidate');
  return {
    victim,
    blow: blowOf(kind, draw),
    step,
    moment: isBefore ? 'CommandIssued' : 'CommandSucceeded',
    way: isCandidate && !names.forward.includes(step) ? 'aborted' : wayTo(step, names, draw),
  };
}

function wayTo(step: string, { forward }: StepNames, draw: number): CrashPlan['way'] {
  if (forward.includes(step)) return 'good';
  return draw % 4 >= 2 ? 'broken' : 'aborted';
}

/** By turns shorter and longer than the lease, each at and after steps. */
function blowOf(kind: Exclude<StrikeKind, 'wire'>, draw: number): Exclude<Blow, { kind: 'wire' }> {
  if (kind === 'kill') return { kind };
  return { kind, forMs: draw % 4 < 2 ? SHORT_FREEZE_MS : LONG_FREEZE_MS };
}
