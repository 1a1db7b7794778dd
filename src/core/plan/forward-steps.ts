/** The way from the stable release to the candidate, in the order of the protocol. */
import { invariant } from '../invariant.ts';
import {
  ATTEMPTS_MAX_PERSISTENT,
  CLOSED_SPLIT,
  ensureDeadlineMs,
  settledSplit,
  stableFoundAs,
  startDeadlineMs,
  step,
  stopDeadlineMs,
  type Outline,
} from './outline.ts';
import { COMPARISON_TICK_MS, type ComparisonPolicy } from '../verdict/comparison.ts';
import { defaultVerdictSettings } from '../verdict/default-verdict-settings.ts';
import type { Action, PlannedPool, PlannedSplit, RolloutPolicy, Step } from './plan.ts';

export function forwardSteps(outline: Outline): readonly Step[] {
  const { stable } = outline;
  return stable ? replacement(outline, stable) : firstDeployment(outline);
}

/** Nothing serves yet: there is no traffic to judge and nothing to return to but a closed door. */
function firstDeployment(outline: Outline): readonly Step[] {
  const { candidate } = outline;
  return [
    step({
      id: 'check-environment',
      row: 'P4',
      phase: 'preparation',
      title: 'Check that nothing of this service runs yet',
      action: { kind: 'check-pools', running: [], as: 'whole' },
    }),
    step({
      id: 'check-balancer',
      row: 'R1',
      phase: 'preparation',
      title: 'Write a closed split and read it back',
      action: { kind: 'apply-split', split: CLOSED_SPLIT },
    }),
    ...prepareCandidate(outline),
    // While nothing is restarted, what is sent traffic is what was probed.
    step({
      id: 'open-traffic',
      row: 'R4',
      phase: 'rollout',
      title: `Send all traffic to ${candidate.release.version}`,
      action: { kind: 'apply-split', split: settledSplit(candidate) },
    }),
    settleCandidate(candidate, 'rollout'),
    probeOnceMore(outline),
    verifyService(outline),
  ];
}

function replacement(outline: Outline, stable: PlannedPool): readonly Step[] {
  const as = stableFoundAs(outline);
  return [
    step({
      id: 'check-environment',
      row: 'P4',
      phase: 'preparation',
      title:
        as === 'whole'
          ? `Check that ${stable.release.version} runs at full size and nothing else does`
          : `Check that nothing but ${stable.release.version} runs`,
      action: { kind: 'check-pools', running: [stable], as },
    }),
    ...(as === 'whole' ? [probeStable(outline, stable)] : []),
    step({
      id: 'check-balancer',
      row: 'R1',
      phase: 'preparation',
      title: 'Write the present split and read it back',
      action: { kind: 'apply-split', split: settledSplit(stable) },
    }),
    ...prepareCandidate(outline),
    ...shiftTraffic(outline, stable),
    ...handOver(outline, stable),
  ];
}

/** From a candidate with all traffic, still under its lease, to a retired old release. */
function handOver(outline: Outline, stable: PlannedPool): readonly Step[] {
  const { candidate, rollout } = outline;
  return [
    settleCandidate(candidate, 'completion'),
    step({
      id: 'drain-old',
      row: 'R4',
      phase: 'completion',
      title: `Let ${stable.release.version} finish what it carries`,
      action: { kind: 'drain-pool', pool: stable.pool, waitMs: rollout.drainMs },
      deadlineMs: rollout.drainMs * 2 + 10_000,
    }),
    ...confirmCandidate(outline, stable),
    step({
      id: 'settle-split',
      row: 'R4',
      phase: 'completion',
      title: `Make ${candidate.release.version} the stable release of the balancer`,
      action: { kind: 'apply-split', split: settledSplit(candidate, [stable]) },
    }),
    step({
      id: 'retire-old',
      row: 'R4',
      phase: 'completion',
      title: `Stop ${stable.release.version}: the point of no return`,
      action: { kind: 'stop-pool', pool: stable.pool, graceMs: stable.stopGraceMs },
      deadlineMs: stopDeadlineMs(stable),
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
    step({
      id: 'forget-old',
      row: 'R4',
      phase: 'completion',
      title: `Take ${stable.release.version} out of the balancer`,
      action: { kind: 'apply-split', split: settledSplit(candidate) },
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
  ];
}

function probeStable(outline: Outline, stable: PlannedPool): Step {
  return step({
    id: 'probe-stable',
    row: 'P5',
    phase: 'preparation',
    title: `Probe every instance of ${stable.release.version}`,
    action: { kind: 'probe-pool', pool: stable, policy: outline.rollout.probing },
    deadlineMs: outline.rollout.probing.deadlineMs,
  });
}

function prepareCandidate({ candidate, rollout }: Outline): readonly Step[] {
  return [
    step({
      id: 'start-candidate',
      row: 'R3',
      phase: 'rollout',
      title: `Start ${candidate.instances} instances of ${candidate.release.version}`,
      action: { kind: 'ensure-pool', pool: candidate },
      deadlineMs: startDeadlineMs(candidate),
    }),
    step({
      id: 'probe-candidate',
      row: 'R3',
      phase: 'rollout',
      title: `Probe every instance of ${candidate.release.version}`,
      action: { kind: 'probe-pool', pool: candidate, policy: rollout.probing },
      deadlineMs: rollout.probing.deadlineMs,
    }),
  ];
}

/**
 * The last look before the old release is given up. It comes after the drain, however long that took,
 * while the lease and its trips still hold: until here every failure reverts by itself.
 */
function confirmCandidate(outline: Outline, stable: PlannedPool): readonly Step[] {
  const judge = step({
    id: 'confirm-100',
    row: 'K3',
    phase: 'verification',
    title: 'Judge all of its traffic once more',
    action: judgement(outline, stable, 100),
    deadlineMs: outline.rollout.judgeDeadlineMs,
  });
  return [
    probeOnceMore(outline),
    verifyService(outline),
    ...(outline.kind === 'rollback' ? [] : [judge]),
  ];
}

/** A rollback returns to a release that has served before, so it shifts once and is not judged. */
function shiftTraffic(outline: Outline, stable: PlannedPool): readonly Step[] {
  const { candidate, rollout } = outline;
  const judged = outline.kind !== 'rollback';
  return (judged ? rollout.weights : [100]).flatMap((weight) => {
    const shift = step({
      id: `shift-${weight}`,
      row: 'R4',
      phase: 'rollout',
      title: `Send ${weight} % of new requests to ${candidate.release.version}`,
      action: { kind: 'apply-split', split: leasedSplit(outline, stable, weight) },
    });
    const judge = step({
      id: `judge-${weight}`,
      row: weight === 100 ? 'K3' : 'R4',
      phase: weight === 100 ? 'verification' : 'rollout',
      title: `Judge live traffic at ${weight} %`,
      action: judgement(outline, stable, weight),
      deadlineMs: rollout.judgeDeadlineMs,
    });
    return judged ? [shift, judge] : [shift];
  });
}

function judgement({ candidate, rollout }: Outline, stable: PlannedPool, weight: number): Action {
  return {
    kind: 'judge-traffic',
    candidate: candidate.pool,
    weight,
    limits: rollout.limits,
    ...(isCompared(rollout, weight) && { comparison: comparisonPolicy(candidate, rollout) }),
    onRollback: settledSplit(stable, [candidate]),
  };
}

/** What a scheduler does to answers of a millisecond is no fault of the release. */
const LATENCY_MARGIN_US = 1_000;

/** At all of the traffic there is nothing beside the candidate. */
function isCompared({ compare }: RolloutPolicy, weight: number): boolean {
  return compare.length > 0 && weight < 100;
}

/** The same for all steps: one bet runs through them. */
function comparisonPolicy(candidate: PlannedPool, rollout: RolloutPolicy): ComparisonPolicy {
  const steps = rollout.weights.filter((weight) => isCompared(rollout, weight)).length;
  const settings = defaultVerdictSettings({
    tickMs: COMPARISON_TICK_MS,
    horizonTicks: Math.ceil((steps * rollout.judgeDeadlineMs) / COMPARISON_TICK_MS),
    families: rollout.compare,
    latencyMarginUs: LATENCY_MARGIN_US,
  });
  return {
    settings,
    warmUpResponses: rollout.warmUpResponses * candidate.instances,
  };
}

function leasedSplit(
  { candidate, rollout }: Outline,
  stable: PlannedPool,
  weight: number,
): PlannedSplit {
  invariant(weight >= 1 && weight <= 100, `weight ${weight} is not a share of the candidate`);
  return {
    weights: [
      { pool: stable.pool, version: stable.release.version, weight: 100 - weight },
      { pool: candidate.pool, version: candidate.release.version, weight },
    ],
    stable: stable.pool,
    lease: { candidate: candidate.pool, ttlMs: rollout.leaseTtlMs, trip: rollout.trip },
  };
}

function settleCandidate(candidate: PlannedPool, phase: Step['phase']): Step {
  return step({
    id: 'settle-candidate',
    row: 'R3',
    phase,
    title: 'Have its instances restarted from now on when they exit',
    action: { kind: 'ensure-pool', pool: { ...candidate, restart: 'always' } },
    deadlineMs: ensureDeadlineMs(candidate),
  });
}

/** Under their traffic, and also whether one of them has ended by itself since it was started. */
function probeOnceMore({ candidate, rollout }: Outline): Step {
  return step({
    id: 'confirm-candidate',
    row: 'K1',
    phase: 'verification',
    title: `Probe every instance of ${candidate.release.version} once more`,
    action: { kind: 'probe-pool', pool: candidate, policy: rollout.probing },
    deadlineMs: rollout.probing.deadlineMs,
  });
}

function verifyService({ candidate, rollout }: Outline): Step {
  return step({
    id: 'verify-service',
    row: 'K1',
    phase: 'verification',
    title: `Probe the service through the balancer, answered by ${candidate.release.version}`,
    action: { kind: 'probe-service', pool: candidate, policy: rollout.probing },
    deadlineMs: rollout.probing.deadlineMs,
  });
}
