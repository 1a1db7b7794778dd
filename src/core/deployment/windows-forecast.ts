/** What the windows of a plan say of carrying it out at a moment. */
import type { Scope } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import { scopesOf } from '../plan/scopes-of.ts';
import { windowsOf } from '../plan/windows-of.ts';
import { windowsAt, type WindowsAt } from '../windows/windows-at.ts';

export interface WindowsForecast extends WindowsAt {
  /** What its shares are held for at the least, all together. */
  readonly leastMs: number;
  /** Whether they close before that time is over. */
  readonly closesBefore: boolean;
}

/** Null where there are none to heed. */
export function windowsForecast(plan: Plan, atMs: number): WindowsForecast | null {
  const all = windowsOf(plan);
  if (plan.kind !== 'deploy' || all.length === 0) return null;
  const { isOpen, changesAtMs } = windowsAt(all, atMs);
  const leastMs = Math.max(...scopesOf(plan).map((scope) => heldMs(plan, scope)));
  const closesBefore = isOpen && changesAtMs !== null && changesAtMs < atMs + leastMs;
  return { isOpen, changesAtMs, leastMs, closesBefore };
}

/** Of one service. A split is held once, by however many steps it is judged. */
function heldMs({ steps }: Plan, of: Scope): number {
  const holds = new Map<number, number>();
  for (const { scope, action } of steps) {
    if (scope !== of || action.kind !== 'judge-traffic') continue;
    const { weight, limits } = action;
    holds.set(weight, Math.max(limits.holdMs, holds.get(weight) ?? 0));
  }
  return [...holds.values()].reduce((sum, holdMs) => sum + holdMs, 0);
}
