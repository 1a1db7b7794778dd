/**
 * The short way back, computed before anything is touched. Its first command takes the candidate's
 * weight to 0; every step may be run from any point before the point of no return, and twice.
 */
import {
  ATTEMPTS_MAX_PERSISTENT,
  ATTEMPTS_MAX_REPROBE,
  CLOSED_SPLIT,
  ensureDeadlineMs,
  passing,
  settledSplit,
  stableFoundAs,
  step,
  stopDeadlineMs,
  type Outline,
} from './outline.ts';
import type { PlannedPool, PlannedSplit, ServiceStep, Step } from './plan.ts';
import { checkData, checkSchema } from './secure-data.ts';
import { together } from './together.ts';

/** What depends on others goes first: no new release is left with old ones that it cannot work with. */
export function revertSteps(outlines: readonly Outline[]): readonly Step[] {
  return together(PARTS, outlines.toReversed(), wayBack);
}

const PARTS = ['zero', 'restore', 'remove', 'verify'] as const;

/** Several services go through each of these together. */
function wayBack(
  outline: Outline,
): Readonly<Record<(typeof PARTS)[number], readonly ServiceStep[]>> {
  const { candidate, stable } = outline;
  const before = stable ? settledSplit(stable) : CLOSED_SPLIT;
  const as = stableFoundAs(outline);
  const zero = step({
    id: 'zero-candidate',
    row: 'B4',
    phase: 'revert',
    title: `Take all traffic from ${candidate.release.version}`,
    action: {
      kind: 'apply-split',
      split: stable ? settledSplit(stable, passing(outline)) : CLOSED_SPLIT,
    },
    attemptsMax: ATTEMPTS_MAX_PERSISTENT,
  });
  const verify = step({
    id: 'verify-state',
    row: 'B5',
    phase: 'revert',
    title: 'Check that pools and split are as they were before',
    action: { kind: 'verify-state', running: stable ? [stable] : [], as, split: before },
    attemptsMax: ATTEMPTS_MAX_PERSISTENT,
  });
  return {
    zero: [zero],
    restore: stable && as === 'whole' ? restoreStable(outline, stable) : [],
    remove: removeCandidate(outline, before),
    verify: [verify, ...(stable ? verifyData(outline) : [])],
  };
}

function verifyData(outline: Outline): readonly ServiceStep[] {
  return [
    ...checkSchema(outline, { when: 'reverted', row: 'B5', phase: 'revert' }),
    ...checkData(outline, { when: 'reverted', phase: 'revert' }),
  ];
}

function restoreStable({ rollout }: Outline, stable: PlannedPool): readonly ServiceStep[] {
  return [
    step({
      id: 'restore-stable',
      row: 'B4',
      phase: 'revert',
      title: `Have every instance of ${stable.release.version} running`,
      action: { kind: 'ensure-pool', pool: stable },
      deadlineMs: ensureDeadlineMs(stable),
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
    step({
      id: 'reprobe-stable',
      row: 'B10',
      phase: 'revert',
      title: `Probe every instance of ${stable.release.version}`,
      action: { kind: 'probe-pool', pool: stable, policy: rollout.probing },
      deadlineMs: rollout.probing.deadlineMs,
      attemptsMax: ATTEMPTS_MAX_REPROBE,
    }),
    step({
      id: 'reverify-service',
      row: 'B10',
      phase: 'revert',
      title: `Probe the service through the balancer, answered by ${stable.release.version}`,
      action: { kind: 'probe-service', pool: stable, policy: rollout.probing },
      deadlineMs: rollout.probing.deadlineMs,
      attemptsMax: ATTEMPTS_MAX_REPROBE,
    }),
  ];
}

function removeCandidate(outline: Outline, before: PlannedSplit): readonly ServiceStep[] {
  return [
    ...passing(outline).flatMap((pool) => drainAndStop(outline, pool)),
    step({
      id: 'forget-candidate',
      row: 'B4',
      phase: 'revert',
      title: `Take ${outline.candidate.release.version} out of the balancer`,
      action: { kind: 'apply-split', split: before },
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
  ];
}

/** The candidate first; a baseline has finished by then what it carried. */
function drainAndStop({ candidate, rollout }: Outline, pool: PlannedPool): readonly ServiceStep[] {
  const isCandidate = pool.pool === candidate.pool;
  const what = isCandidate ? candidate.release.version : `the fresh ${pool.release.version}`;
  return [
    step({
      id: isCandidate ? 'drain-candidate' : 'empty-baseline',
      row: 'B4',
      phase: 'revert',
      title: `Let ${what} finish what it carries`,
      action: { kind: 'drain-pool', pool: pool.pool, waitMs: rollout.drainMs },
      deadlineMs: rollout.drainMs * 2 + 10_000,
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
    step({
      id: isCandidate ? 'stop-candidate' : 'stop-baseline',
      row: 'B8',
      phase: 'revert',
      title: `Stop ${what}; its output and last state are kept`,
      action: { kind: 'stop-pool', pool: pool.pool, graceMs: pool.stopGraceMs },
      deadlineMs: stopDeadlineMs(pool),
      attemptsMax: ATTEMPTS_MAX_PERSISTENT,
    }),
  ];
}
