/**
 * Whether a release may be brought forward now, where it is to go. Only a deploy can be kept from it:
 * a rollback, a repair, a revert and an abort are the way out of trouble, and never wait.
 */
import { failureOf, type Failure } from '../failures.ts';
import type { Action, Plan } from '../plan/plan.ts';
import { windowsOf } from '../plan/windows-of.ts';
import type { Windows } from '../windows/deployment-window.ts';
import { windowsAt, windowsOpenAt } from '../windows/windows-at.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import type { Freeze } from './freeze.ts';

/** Why a place is closed; what is overridden is not in it. */
export interface Closure {
  readonly freezes: readonly Freeze[];
  /** Missing while all windows are open. */
  readonly outside?: OutsideWindows;
}

/** That it is none of the times at which all that is deployed may be. */
export interface OutsideWindows {
  /** Declarations of which no window is open. */
  readonly windows: readonly Windows[];
  /** When all are open next, in ms since 1970; null when they never are within a year. */
  readonly opensAtMs: number | null;
}

/** What somebody has decided not to be stopped by: what was there then, and nothing that comes later. */
export interface Override {
  /** Their numbers. */
  readonly freezes: readonly number[];
  /** Until when it goes on outside of windows: the next time that they are open. Missing when it does not. */
  readonly outsideUntilMs?: number | null;
}

/** What is known of places at one moment. */
export interface PlacesNow {
  /** In force. */
  readonly freezes: readonly Freeze[];
  /** By the clock that ends freezes, in ms since 1970. */
  readonly atMs: number;
}

/** Null when the place is open. */
export function closureOf(
  plan: Pick<Plan, 'kind' | 'services'>,
  now: PlacesNow,
  override: Override | null,
): Closure | null {
  if (plan.kind !== 'deploy') return null;
  const freezes = now.freezes.filter(({ id }) => !override?.freezes.includes(id));
  const outside = outsideOf(windowsOf(plan), now.atMs, override);
  if (freezes.length === 0 && outside === null) return null;
  return { freezes, ...(outside && { outside }) };
}

/** Null while all are open. */
export function outsideOf(
  all: readonly Windows[],
  atMs: number,
  override: Override | null,
): OutsideWindows | null {
  if (windowsOpenAt(all, atMs)) return null;
  const { outsideUntilMs } = override ?? {};
  if (outsideUntilMs === null) return null;
  if (outsideUntilMs !== undefined && atMs < outsideUntilMs) return null;
  const windows = all.filter((each) => !windowsOpenAt([each], atMs));
  return { windows, opensAtMs: windowsAt(all, atMs).changesAtMs };
}

/** Beside what was overridden before. */
export function overrideOf({ freezes, outside }: Closure, former: Override | null): Override {
  return {
    ...former,
    freezes: [...(former?.freezes ?? []), ...freezes.map(({ id }) => id)],
    ...(outside && { outsideUntilMs: outside.opensAtMs }),
  };
}

/** Whether an action brings the release further: what only looks or judges goes on. */
export function bringsForward(action: Action): boolean {
  switch (action.kind) {
    case 'apply-migrations':
    case 'ensure-pool':
    case 'apply-split':
    case 'drill-revert':
    case 'await-approval':
    case 'stop-pool':
      return true;
    case 'validate-release':
    case 'secure-backup':
    case 'rehearse-migrations':
    case 'check-data':
    case 'note-schema':
    case 'check-schema':
    case 'check-pools':
    case 'probe-pool':
    case 'probe-service':
    case 'judge-traffic':
    case 'judge-mirror':
    case 'hold-traffic':
    case 'drain-pool':
    case 'verify-state':
      return false;
  }
}

/** What a deploy is refused with. */
export function closureFailure(closure: Closure): Failure {
  const code = closure.freezes.length > 0 ? 'frozen' : 'outside-window';
  return failureOf(code, closureSentence(closure), { details: { closure } });
}
