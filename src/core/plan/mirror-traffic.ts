/**
 * Before a candidate gets any traffic it may get copies of it: its answers are compared and thrown
 * away, so that what it does wrong costs no client anything.
 */
import { leaseOf } from './lease-of.ts';
import { passing, settledSplit, step, type Outline } from './outline.ts';
import type { PlannedPool, ServiceStep } from './plan.ts';

/** Only a deploy: the others are there for when the stable release is the one that is wrong. */
export function mirrorTraffic(outline: Outline, stable: PlannedPool): readonly ServiceStep[] {
  const { kind, candidate, rollout, stages } = outline;
  const { mirror } = rollout;
  if (kind !== 'deploy' || !mirror) return [];
  return [
    step({
      id: 'mirror-traffic',
      row: 'R4',
      phase: 'rollout',
      title: `Copy ${mirror.rules.percent} % of safe requests to ${candidate.release.version}, behind the clients' answers`,
      action: {
        kind: 'apply-split',
        split: {
          ...settledSplit(stable, [candidate]),
          lease: { ...leaseOf(candidate, rollout), mirror: mirror.rules },
        },
        whole: [{ ...candidate, instances: stages[0]?.instances ?? candidate.instances }],
      },
    }),
    step({
      id: 'judge-mirror',
      row: 'R4',
      phase: 'rollout',
      title: `Judge how ${candidate.release.version} answers them`,
      action: {
        kind: 'judge-mirror',
        candidate: candidate.pool,
        limits: mirror.limits,
        onRollback: settledSplit(stable, passing(outline)),
      },
      deadlineMs: mirror.deadlineMs,
    }),
  ];
}
