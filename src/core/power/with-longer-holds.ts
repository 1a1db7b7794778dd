/** The same plan with more time at each weight: what a forecast tries before it gives advice. */
import type { Plan, Step } from '../plan/plan.ts';

/** Every step that judges holds `times` as long; deadlines and the planned length grow where they must. */
export function withLongerHolds(plan: Plan, times: number): Plan {
  return { ...plan, steps: plan.steps.map((step) => heldLonger(step, times)) };
}

function heldLonger(step: Step, times: number): Step {
  const { action } = step;
  if (action.kind !== 'judge-traffic') return step;
  const holdMs = action.limits.holdMs * times;
  const deadlineMs = Math.max(step.deadlineMs, 2 * holdMs);
  const { comparison } = action;
  return {
    ...step,
    deadlineMs,
    action: {
      ...action,
      limits: { ...action.limits, holdMs },
      ...(comparison && {
        comparison: {
          ...comparison,
          settings: {
            ...comparison.settings,
            restarts: {
              ...comparison.settings.restarts,
              horizonTicks: Math.ceil(
                (comparison.settings.restarts.horizonTicks * deadlineMs) / step.deadlineMs,
              ),
            },
          },
        },
      }),
    },
  };
}

/** How long the way forward takes at least: all that its gates hold and its probes wait. */
export function leastMsOf({ steps }: Plan): number {
  return steps.reduce((sum, { action }) => {
    if (action.kind === 'judge-traffic') return sum + action.limits.holdMs;
    if (action.kind !== 'probe-pool' && action.kind !== 'probe-service') return sum;
    return sum + (action.policy.consecutive - 1) * action.policy.intervalMs;
  }, 0);
}
