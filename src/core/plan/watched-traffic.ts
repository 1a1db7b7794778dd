/** What goes on being judged of a deployment that stands still before a step: the split in force. */
import type { JudgeTraffic, Plan } from './plan.ts';

/** Null when the service's candidate has no traffic under a lease there, or is not judged at all. */
export function watchedTraffic(
  plan: Plan,
  position: number,
  scope = plan.steps[position]?.scope,
): JudgeTraffic | null {
  const before = plan.steps.slice(0, position).filter((step) => step.scope === scope);
  const split = before.findLast(({ action }) => action.kind === 'apply-split')?.action;
  const judges = plan.steps.flatMap((step) =>
    step.scope === scope && step.action.kind === 'judge-traffic' ? [step.action] : [],
  );
  const [first] = judges;
  if (split?.kind !== 'apply-split' || split.split.lease === null || !first) return null;
  const { weights } = split.split;
  const weight = weights.find(({ pool }) => pool === first.candidate)?.weight ?? 0;
  return judges.find((judge) => judge.weight === weight) ?? null;
}
