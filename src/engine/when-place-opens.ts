/** Looks after a place that is closed, for a deployment that waits for it. */
import type { Override } from '../core/deployment/closure.ts';
import type { Plan } from '../core/plan/plan.ts';
import { closureNow } from './closure-now.ts';
import type { EngineContext } from './engine-context.ts';

/** A freeze also ends by itself, which nobody is told of. */
const LOOK_EVERY_MS = 1_000;

/** Calls back once it is open; never behind the signal's end. */
export async function whenPlaceOpens(
  { store, clock }: Pick<EngineContext, 'store' | 'clock'>,
  {
    plan,
    override,
    signal,
  }: { readonly plan: Plan; readonly override: Override | null; readonly signal: AbortSignal },
  onOpen: () => void,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    // A database that is away says nothing: the next look comes in a second.
    const isClosed = await closureNow(store, plan, override).then(
      (closure) => closure !== null,
      () => true,
    );
    if (isOver() || isClosed) continue;
    onOpen();
    return;
  }
}
