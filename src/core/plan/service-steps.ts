/** The way of one service from its stable release to the candidate, in the order of the protocol. */
import { approvalGates } from './approval-gates.ts';
import { formatDuration } from '../model/duration.ts';
import { counted } from '../words/counted.ts';
import { mirrorTraffic } from './mirror-traffic.ts';
import {
  ATTEMPTS_MAX_PERSISTENT,
  CLOSED_SPLIT,
  ensureDeadlineMs,
  lastStage,
  READ_DEADLINE_MS,
  settledSplit,
  stableFoundAs,
  startDeadlineMs,
  step,
  stopDeadlineMs,
  type Outline,
} from './outline.ts';
import { prepareBaseline } from './prepare-baseline.ts';
import { removeBaseline } from './remove-baseline.ts';
import type { FoundAs, PlannedPool, RolloutPolicy, ServiceStep } from './plan.ts';
import { judgement } from './judgement.ts';
import {
  applyMigrations,
  checkData,
  checkSchema,
  noteSchema,
  rehearseMigrations,
} from './secure-data.ts';
import { secureBackups } from './secure-backups.ts';
import { shiftTraffic } from './shift-traffic.ts';
import { validateRelease } from './validate-release.ts';

/** Several services go through each of these together, one behind the other. */
export interface ServiceSteps {
  /** Touches nothing. */
  readonly validate: readonly ServiceStep[];
  /** Reads what must not be lost, and tries on a copy what is to become of it. */
  readonly secure: readonly ServiceStep[];
  /** Changes nothing that clients could notice. */
  readonly prepare: readonly ServiceStep[];
  /** Changes the schema under what serves, which lives with it. */
  readonly migrate: readonly ServiceStep[];
  /** To all of the traffic, where there is a lease still under it. */
  readonly bringIn: readonly ServiceStep[];
  /** The last look before anything is given up. */
  readonly confirm: readonly ServiceStep[];
  /** Ends the lease; the old release still runs. */
  readonly settle: readonly ServiceStep[];
  /** The first of these cannot be taken back. */
  readonly retire: readonly ServiceStep[];
}

export function serviceSteps(outline: Outline): ServiceSteps {
  const { stable } = outline;
  return stable ? replacement(outline, stable) : firstDeployment(outline);
}

/** Nothing serves yet: there is no traffic to judge and nothing to return to but a closed door. */
function firstDeployment(outline: Outline): ServiceSteps {
  const { candidate } = outline;
  const prepare = [
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
  ];
  const bringIn = [
    ...prepareCandidate(outline),
    ...approvalGates(outline, null, { weight: 100 }),
    // While nothing is restarted, what is sent traffic is what was probed.
    step({
      id: 'open-traffic',
      row: 'R4',
      phase: 'rollout',
      title: `Send all traffic to ${candidate.release.version}`,
      action: { kind: 'apply-split', split: settledSplit(candidate), whole: [candidate] },
    }),
    settleCandidate(candidate, 'rollout'),
  ];
  const confirm = [probeOnceMore(outline), verifyService(outline), ...checkDataAfter(outline)];
  return {
    ...{ validate: validateRelease(outline), secure: secure(outline), prepare },
    ...{ migrate: applyMigrations(outline), bringIn, confirm },
    ...{ settle: [], retire: [] },
  };
}

function replacement(outline: Outline, stable: PlannedPool): ServiceSteps {
  return {
    validate: validateRelease(outline),
    secure: secure(outline),
    prepare: checkStable(outline, stable),
    migrate: applyMigrations(outline),
    bringIn: [
      ...prepareCandidate(outline),
      ...mirrorTraffic(outline, stable),
      ...prepareBaseline(outline),
      ...shiftTraffic(outline, stable),
      ...removeBaseline(outline),
      ...keepOld(outline, stable),
      ...drainOld(outline, stable),
    ],
    confirm: confirmCandidate(outline, stable),
    settle: [settleSplit(outline, stable)],
    retire: retireOld(outline, stable),
  };
}

function secure(outline: Outline): readonly ServiceStep[] {
  return [
    // What comes first of all may make its data itself.
    ...(outline.stable ? dataBefore(outline) : []),
    ...secureBackups(outline),
    ...rehearseMigrations(outline),
  ];
}

function dataBefore(outline: Outline): readonly ServiceStep[] {
  return [
    ...noteSchema(outline, { when: 'before', row: 'P4', phase: 'preparation' }),
    ...checkData(outline, { when: 'before', phase: 'preparation' }),
  ];
}

function checkStable(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const as = stableFoundAs(outline);
  if (as === 'whole')
    return [checkPools(stable, as), probeStable(outline, stable), drillRevert(stable)];
  return [
    checkPools(stable, as),
    step({
      id: 'check-balancer',
      row: 'R1',
      phase: 'preparation',
      title: 'Write the present split and read it back',
      action: { kind: 'apply-split', split: settledSplit(stable) },
    }),
  ];
}

function checkPools(stable: PlannedPool, as: FoundAs): ServiceStep {
  return step({
    id: 'check-environment',
    row: 'P4',
    phase: 'preparation',
    title:
      as === 'whole'
        ? `Check that ${stable.release.version} runs at full size and nothing else does`
        : `Check that nothing but ${stable.release.version} runs`,
    action: { kind: 'check-pools', running: [stable], as },
  });
}

/** What a revert needs and does first, while nothing depends on it. */
function drillRevert(stable: PlannedPool): ServiceStep {
  return step({
    id: 'drill-revert',
    row: 'P7',
    phase: 'preparation',
    title: `Try the way back: ${stable.release.version} is there as a whole, and is given all traffic`,
    action: { kind: 'drill-revert', pool: stable, split: settledSplit(stable) },
    deadlineMs: READ_DEADLINE_MS,
  });
}

function drainOld({ candidate, rollout }: Outline, stable: PlannedPool): readonly ServiceStep[] {
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
  ];
}

/** The old release still runs: one command gives it the traffic back. */
function settleSplit({ candidate }: Outline, stable: PlannedPool): ServiceStep {
  return step({
    id: 'settle-split',
    row: 'R4',
    phase: 'completion',
    title: `Make ${candidate.release.version} the stable release of the balancer`,
    action: { kind: 'apply-split', split: settledSplit(candidate, [stable]) },
  });
}

function retireOld({ candidate }: Outline, stable: PlannedPool): readonly ServiceStep[] {
  return [
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

function probeStable(outline: Outline, stable: PlannedPool): ServiceStep {
  return step({
    id: 'probe-stable',
    row: 'P5',
    phase: 'preparation',
    title: `Probe every instance of ${stable.release.version}`,
    action: { kind: 'probe-pool', pool: stable, policy: outline.rollout.probing },
    deadlineMs: outline.rollout.probing.deadlineMs,
  });
}

/** As many of it as the first stage needs. */
function prepareCandidate(outline: Outline): readonly ServiceStep[] {
  const { candidate, stages } = outline;
  const first = { ...candidate, instances: stages[0]?.instances ?? candidate.instances };
  const probing = firstProbing(outline);
  return [
    step({
      id: 'start-candidate',
      row: 'R3',
      phase: 'rollout',
      title: `Start ${counted(first.instances, 'instance')} of ${candidate.release.version}`,
      action: { kind: 'ensure-pool', pool: first },
      deadlineMs: startDeadlineMs(candidate),
    }),
    step({
      id: 'probe-candidate',
      row: 'R3',
      phase: 'rollout',
      title: `Probe every instance of ${candidate.release.version}`,
      action: { kind: 'probe-pool', pool: first, policy: probing },
      deadlineMs: probing.deadlineMs,
    }),
  ];
}

/** Where all traffic comes at once, the probes are all the proof there is before the first client. */
function firstProbing({ kind, rollout }: Outline): RolloutPolicy['probing'] {
  const { strategy, probing } = rollout;
  if (
    kind === 'rollback' ||
    strategy.kind !== 'blue-green' ||
    strategy.proof <= probing.consecutive
  )
    return probing;
  const times = strategy.proof / probing.consecutive;
  return {
    ...probing,
    consecutive: strategy.proof,
    deadlineMs: Math.ceil(probing.deadlineMs * times),
  };
}

/** Longer than the gate asks for: whatever it finds, one command gives all traffic back. */
function keepOld(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const { candidate, rollout } = outline;
  const { keepOldMs } = rollout;
  if (outline.kind === 'rollback' || keepOldMs === 0) return [];
  const last = lastStage(outline);
  return [
    step({
      id: 'keep-old',
      row: 'K3',
      phase: 'verification',
      title: `Keep ${stable.release.version} warm for ${formatDuration(keepOldMs)} more, ${candidate.release.version} still on its lease`,
      action: judgement(outline, stable, { ...last, holdMs: last.holdMs + keepOldMs }),
      deadlineMs: rollout.judgeDeadlineMs + keepOldMs,
    }),
  ];
}

/**
 * The last look before the old release is given up. It comes after the drain, however long that took,
 * while the lease and its trips still hold: until here every failure reverts by itself.
 */
function confirmCandidate(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const judge = step({
    id: 'confirm-100',
    row: 'K3',
    phase: 'verification',
    title: 'Judge all of its traffic once more',
    action: judgement(outline, stable, lastStage(outline)),
    deadlineMs: outline.rollout.judgeDeadlineMs,
  });
  return [
    probeOnceMore(outline),
    verifyService(outline),
    ...(outline.kind === 'rollback' ? [] : [judge]),
    ...checkDataAfter(outline),
  ];
}

function checkDataAfter(outline: Outline): readonly ServiceStep[] {
  const after = { when: 'after', row: 'X4', phase: 'verification' } as const;
  return [
    ...(outline.stable ? checkSchema(outline, after) : noteSchema(outline, after)),
    ...checkData(outline, after),
  ];
}

function settleCandidate(candidate: PlannedPool, phase: ServiceStep['phase']): ServiceStep {
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
function probeOnceMore({ candidate, rollout }: Outline): ServiceStep {
  return step({
    id: 'confirm-candidate',
    row: 'K1',
    phase: 'verification',
    title: `Probe every instance of ${candidate.release.version} once more`,
    action: { kind: 'probe-pool', pool: candidate, policy: rollout.probing },
    deadlineMs: rollout.probing.deadlineMs,
  });
}

function verifyService({ candidate, rollout }: Outline): ServiceStep {
  return step({
    id: 'verify-service',
    row: 'K1',
    phase: 'verification',
    title: `Probe the service through the balancer, answered by ${candidate.release.version}`,
    action: { kind: 'probe-service', pool: candidate, policy: rollout.probing },
    deadlineMs: rollout.probing.deadlineMs,
  });
}
