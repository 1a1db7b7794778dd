/** The stages on the way to all of the traffic: each share is written under a lease, then judged. */
import { invariant } from '../invariant.ts';
import { approvalGates } from './approval-gates.ts';
import { judgement } from './judgement.ts';
import { leaseOf } from './lease-of.ts';
import { ensureDeadlineMs, shareOf, step, type Outline } from './outline.ts';
import type { PlannedPool, PlannedSplit, ServiceStep } from './plan.ts';

/** A rollback returns to a release that has served before, so it is not judged. */
export function shiftTraffic(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const { candidate, baseline, rollout, stages } = outline;
  const judged = outline.kind !== 'rollback';
  return stages.flatMap((stage, index) => {
    const { weight, instances } = stage;
    const pool = { ...candidate, instances };
    const grown = stages[index - 1]?.instances ?? instances;
    const growth = instances > grown ? growTo(outline, pool) : [];
    const approve = approvalGates(outline, stages[index - 1] ?? null, stage);
    const shift = step({
      id: `shift-${weight}`,
      row: 'R4',
      phase: 'rollout',
      title: `Send ${weight} % of new requests to ${candidate.release.version}`,
      action: {
        kind: 'apply-split',
        split: leasedSplit(outline, stable, weight),
        // Without all of its baseline the comparison so far has meant nothing.
        whole: baseline ? [pool, baseline] : [pool],
      },
    });
    const judge = step({
      id: `judge-${weight}`,
      row: weight === 100 ? 'K3' : 'R4',
      phase: weight === 100 ? 'verification' : 'rollout',
      title: `Judge live traffic at ${weight} %`,
      action: judgement(outline, stable, stage),
      deadlineMs: rollout.judgeDeadlineMs,
    });
    return judged ? [...approve, ...growth, shift, judge] : [shift];
  });
}

/** The next batch; while it starts and is probed, no weight rises. */
function growTo({ candidate, rollout }: Outline, pool: PlannedPool): readonly ServiceStep[] {
  const { instances, release } = pool;
  return [
    step({
      id: `grow-${instances}`,
      row: 'R3',
      phase: 'rollout',
      title: `Have ${instances} of ${candidate.instances} instances of ${release.version} running`,
      action: { kind: 'ensure-pool', pool },
      deadlineMs: ensureDeadlineMs(pool),
    }),
    step({
      id: `probe-${instances}`,
      row: 'R3',
      phase: 'rollout',
      title: `Probe every instance of ${release.version}`,
      action: { kind: 'probe-pool', pool, policy: rollout.probing },
      deadlineMs: rollout.probing.deadlineMs,
    }),
  ];
}

function leasedSplit(
  { candidate, baseline, rollout }: Outline,
  stable: PlannedPool,
  weight: number,
): PlannedSplit {
  invariant(weight >= 1 && weight <= 100, `weight ${weight} is not a share of the candidate`);
  // As much as the candidate; beside all of the traffic there is nothing to compare.
  const beside = weight < 100 ? baseline : null;
  const rest = 100 - weight - (beside ? weight : 0);
  return {
    weights: [
      { pool: stable.pool, version: stable.release.version, weight: rest },
      { pool: candidate.pool, version: candidate.release.version, weight },
      ...(beside ? [shareOf(beside, weight)] : []),
    ],
    stable: stable.pool,
    lease: leaseOf(candidate, rollout, beside),
  };
}
