/** Two things of one moment, at the same time: a dump, and the count of what is dumped. */
import { invariant } from '../core/invariant.ts';

export interface Both<One, Other> {
  readonly one: (signal: AbortSignal) => Promise<One>;
  readonly other: () => Promise<Other>;
  readonly signal: AbortSignal;
  /** Ends the other, which may wait for ever. */
  readonly onEnd: () => void;
}

/** Where one fails the other is ended, and both have ended before anything is taken away from them. */
export async function bothOrNeither<One, Other>({
  one,
  other,
  signal,
  onEnd,
}: Both<One, Other>): Promise<readonly [One, Other]> {
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  ending.addEventListener('abort', onEnd, { once: true });
  const orEnd = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const [first, second] = await Promise.allSettled([
    one(ending).catch(orEnd),
    other().catch(orEnd),
  ]);
  ending.throwIfAborted();
  invariant(first.status === 'fulfilled', 'whatever fails ends both');
  invariant(second.status === 'fulfilled', 'whatever fails ends both');
  return [first.value, second.value];
}
