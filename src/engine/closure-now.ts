import { closureOf, type Closure, type Override } from '../core/deployment/closure.ts';
import type { Plan } from '../core/plan/plan.ts';
import { scopesOf } from '../core/plan/scopes-of.ts';
import type { Store } from '../store/store.ts';

/** What keeps a plan from being carried out now; null when nothing does. */
export async function closureNow(
  store: Store,
  plan: Plan,
  override: Override | null = null,
): Promise<Closure | null> {
  return closureOf(plan, await store.placesNow(scopesOf(plan)), override);
}
