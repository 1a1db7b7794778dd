/** What is expected of a run, from what was asked for; nothing of it is read from the plan's steps. */
import type { Plan } from '../../src/core/plan/plan.ts';
import type { Fault } from './fault.ts';
import type { ReleaseBehaviour, Scenario } from './scenario.ts';
import type { Expectation } from './sight.ts';

/** Three looks, 100 ms each: the fewest samples, the verdict, and one that was on its way. */
const HARM_MAX_WHEN_SLOW = 18;
const REQUEST_EVERY_MS = 20;
/** Within one look, one more on either side. */
const REQUESTS_PER_LOOK = 7;
/** Half of fifty requests a second for one and a half: a hang is mostly known within one, and chance has its tail. */
const HARM_MAX_WHEN_HUNG = 38;
/** Half of fifty requests a second, for as long as both compared shares are held. */
const HARM_MAX_WHEN_COMPARED = 165;
/** What no probe says yes to, whether or not traffic is judged. */
const FAILS_BY_ITSELF: readonly ReleaseBehaviour[] = ['exits', 'never-accepts', 'fails-probes'];

/** Within every limit of a plan that compares. */
const WORSE_BESIDE: readonly ReleaseBehaviour[] = ['slower', 'fails-more'];

/** Where nothing is migrated as good as any. */
export const WRONG_DATA: readonly ReleaseBehaviour[] = [
  'migration-fails',
  'loses-rows',
  'locks-long',
  'breaks-old-code',
];

/** Where there is no database as good as any. */
export const ONLY_WITH_DATA: readonly ReleaseBehaviour[] = [...WRONG_DATA, 'alters-schema'];

const WAITS: readonly Fault[] = ['paused', 'held', 'promoted', 'place-frozen'];

const LOSES_DRIVERS: readonly Fault[] = [
  'workflow-lost',
  'killed-before',
  'killed-after',
  'killed-again',
  'frozen',
  'frozen-long',
  'power-lost',
  'database-restarted',
  'database-away',
];

const COMES_BETWEEN: readonly Fault[] = ['frozen', 'frozen-long', 'hangs', 'late'];

/** Fewer seconds are compared, or show anything, than the shares are held for. */
const LOSES_EVIDENCE: readonly Fault[] = ['clients-silent', 'samples-stale', 'promoted'];

const LEAVES_REQUESTS_ALONE: readonly Fault[] = [
  'clients-silent',
  'samples-stale',
  'clock-jumped',
  'approvers-away',
  'requested-again',
  'aborted',
  'aborted-twice',
  ...WAITS,
];

const LEAVES_BALANCER_ALONE: readonly Fault[] = [
  'candidate-crashed',
  'stable-crashed',
  'probes-flap',
  'clients-silent',
  'samples-stale',
  'clock-jumped',
  'approvers-away',
  'requested-again',
  ...WAITS,
  'target-away',
  'target-mute',
  'database-away',
  'volume-full',
];

export function expectationOf(plan: Plan, scenario: Scenario): Expectation {
  const { rollout } = plan.services[0];
  const faults = scenario.faults.map(({ fault }) => fault);
  const areAll = (known: readonly Fault[]): boolean => faults.every((each) => known.includes(each));
  return {
    deployment: plan.deployment,
    stable: plan.services[0].stable?.pool ?? null,
    kind: plan.kind,
    approvals: rollout.approvals ?? [],
    migrations: plan.services[0].database?.migrations?.now.map(({ name }) => name) ?? [],
    isFoundOnCopy: isFoundOnCopy(plan, scenario),
    // As it was admitted before the run.
    planDigest: 'sha256:plan',
    starter: 'local:ada',
    candidate: plan.services[0].candidate.pool,
    baseline: scenario.shape === 'baseline' ? `${plan.services[0].candidate.pool}-baseline` : null,
    instances: plan.services[0].candidate.instances,
    stages: stagesOf(plan),
    isGood: scenario.release === 'good',
    isCaught: isCaught(plan, scenario),
    mayBeHeld: faults.length > 0 || altersSchema(plan, scenario),
    hasFaults: faults.length > 0,
    crashesInstances: faults.some((fault) => fault.endsWith('-crashed')),
    losesDrivers: faults.some((fault) => LOSES_DRIVERS.includes(fault)),
    // Where nothing serves before, there is nobody to give the traffic to.
    revertsAtOnce: plan.services[0].stable !== null && areAll(LEAVES_BALANCER_ALONE),
    judgesAtOnce: !faults.some((fault) => COMES_BETWEEN.includes(fault)),
    readsAtOnce: areAll(LEAVES_REQUESTS_ALONE),
    samplesMin: rollout.limits.samplesMin,
    holdMs: rollout.limits.holdMs,
    keepOldMs: plan.kind === 'rollback' ? 0 : rollout.keepOldMs,
    // One bad answer trips nothing, and is more than the limits allow; a mirror only suspects it.
    isFoundByLimit:
      scenario.release === 'errors-once' && isCaught(plan, scenario) && !rollout.mirror,
    isFoundByTrip: scenario.release === 'hangs' && rollout.trip.hangAfterMs !== undefined,
    // What hangs is counted when it has timed out.
    countsAreTrue: !faults.includes('samples-stale') && scenario.release !== 'hangs',
    harmMax: harmMaxOf(plan, scenario),
    mirroredMin: rollout.mirror?.limits.samplesMin ?? null,
    isFoundByMirror: isFoundByMirror(plan, scenario),
    revertToken: { deployment: plan.deployment, sequence: 1_000_000 },
  };
}

/** Instances and share of each stage; a share that is carried by all of them comes with the first. */
function stagesOf({ services: [{ rollout, candidate }] }: Plan): Expectation['stages'] {
  const { instances } = candidate;
  const { strategy, limits } = rollout;
  const { holdMs } = limits;
  switch (strategy.kind) {
    case 'canary':
      return strategy.steps.map((step) => ({
        weight: step.weight,
        holdMs: step.holdMs,
        instances,
      }));
    case 'blue-green':
      return [{ weight: 100, instances, holdMs }];
    case 'rolling':
      // Two instances, one by one.
      return [
        { weight: 50, instances: 1, holdMs },
        { weight: 100, instances, holdMs },
      ];
  }
}

/** A single bad answer may have come under a split that a fault has replaced before it was judged. */
function isCaught(plan: Plan, { release, faults }: Scenario): boolean {
  if (FAILS_BY_ITSELF.includes(release) || isFoundOnCopy(plan, { release })) return true;
  if (WRONG_DATA.includes(release)) return false;
  // Nobody may have asked it anything.
  if (release === 'alters-schema') return altersSchema(plan, { release }) && faults.length === 0;
  if (isCompared(plan)) {
    if (WORSE_BESIDE.includes(release)) {
      return faults.every(({ fault }) => !LOSES_EVIDENCE.includes(fault));
    }
    // One failure is within the limits, and says nothing beside so many good answers.
    if (release === 'errors-once') return false;
  } else if (release === 'slower') return false;
  if (release === 'good' || (release === 'errors-once' && faults.length > 0)) return false;
  return release === 'differs' ? isFoundByMirror(plan, { release }) : isJudged(plan);
}

function isCompared({ services: [{ rollout }] }: Plan): boolean {
  return rollout.compare.length > 0;
}

/** What it has changed is not taken back, so that somebody must look. */
function altersSchema(
  { services: [{ database }] }: Plan,
  { release }: Pick<Scenario, 'release'>,
): boolean {
  return database !== undefined && release === 'alters-schema';
}

function isFoundOnCopy(
  { services: [{ database }] }: Plan,
  { release }: Pick<Scenario, 'release'>,
): boolean {
  return database !== undefined && WRONG_DATA.includes(release);
}

/** Every answer is a bad one, and is so in a copy, too. */
function isFoundByMirror(
  { services: [{ rollout }] }: Plan,
  { release }: Pick<Scenario, 'release'>,
): boolean {
  return rollout.mirror !== undefined && ['errors', 'slow', 'differs'].includes(release);
}

/** What has served before is not judged again, and where nothing serves there is nothing to compare. */
function isJudged({ kind, services: [{ stable }] }: Plan): boolean {
  return stable !== null && kind !== 'rollback';
}

/** The balancer itself ends it at the trip's limit; an old routing that is loaded again forgets its count. */
function harmMaxOf(plan: Plan, { release, faults }: Scenario): number {
  const { rollout } = plan.services[0];
  if (isFoundByMirror(plan, { release })) return 0;
  if (!isJudged(plan) || release === 'differs') return Infinity;
  if (WORSE_BESIDE.includes(release) && isCompared(plan)) {
    return faults.length === 0 ? HARM_MAX_WHEN_COMPARED : Infinity;
  }
  if (release === 'slower') return Infinity;
  if (faults.some(({ fault }) => fault === 'balancer-reloaded')) return Infinity;
  if (release === 'hangs') return hungMaxOf(plan);
  const { serverErrors } = rollout.trip;
  // Where some failures are within the limits it takes one look more.
  const looks = rollout.limits.errorRateMax > 0 ? 2 : 1;
  // Chance may deal all of them to the candidate.
  const atFirst = looks * REQUESTS_PER_LOOK;
  if (release === 'errors' && faults.length === 0) return Math.min(atFirst, serverErrors);
  if (release.startsWith('errors') || release === 'fails-more') return serverErrors;
  // Between a gate and the pause that takes its place, or back, no more than a look is lost.
  const waits = faults.length * REQUESTS_PER_LOOK;
  return faults.every(({ fault }) => WAITS.includes(fault)) ? HARM_MAX_WHEN_SLOW + waits : Infinity;
}

/** The balancer itself ends it, by a hang or by the trip's limit of time-outs, whatever keeps the gates from it. */
function hungMaxOf({ services: [{ rollout, balancer }] }: Plan): number {
  const { timeouts, hangAfterMs } = rollout.trip;
  if (hangAfterMs !== undefined) return HARM_MAX_WHEN_HUNG;
  return timeouts + balancer.requestTimeoutMs / REQUEST_EVERY_MS;
}
