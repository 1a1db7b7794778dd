import { step, stopDeadlineMs, type Outline } from './outline.ts';
import type { ServiceStep } from './plan.ts';

/** Behind the last gate that compares with it, and while everything can still be taken back. */
export function removeBaseline({ baseline, rollout }: Outline): readonly ServiceStep[] {
  if (!baseline) return [];
  const { pool, release, stopGraceMs } = baseline;
  return [
    step({
      id: 'drain-baseline',
      row: 'R4',
      phase: 'completion',
      title: `Let the fresh ${release.version} finish what it carries`,
      action: { kind: 'drain-pool', pool, waitMs: rollout.drainMs },
      deadlineMs: rollout.drainMs * 2 + 10_000,
    }),
    step({
      id: 'retire-baseline',
      row: 'R4',
      phase: 'completion',
      title: `Stop the fresh ${release.version}`,
      action: { kind: 'stop-pool', pool, graceMs: stopGraceMs, onlyIdle: true },
      deadlineMs: stopDeadlineMs(baseline),
    }),
  ];
}
