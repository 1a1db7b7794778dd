import { startDeadlineMs, step, type Outline } from './outline.ts';
import type { ServiceStep } from './plan.ts';

/** A fresh pool of the stable release: what warms up beside the candidate, from the same moment on. */
export function prepareBaseline({ baseline, rollout }: Outline): readonly ServiceStep[] {
  if (!baseline) return [];
  return [
    step({
      id: 'start-baseline',
      row: 'R3',
      phase: 'rollout',
      title: `Start a fresh pool of ${baseline.release.version} to compare with`,
      action: { kind: 'ensure-pool', pool: baseline },
      deadlineMs: startDeadlineMs(baseline),
    }),
    step({
      id: 'probe-baseline',
      row: 'R3',
      phase: 'rollout',
      title: `Probe every instance of the fresh ${baseline.release.version}`,
      action: { kind: 'probe-pool', pool: baseline, policy: rollout.probing },
      deadlineMs: rollout.probing.deadlineMs,
    }),
  ];
}
