/**
 * What the freeze of a process may cost clients: time, and an answer only where their own patience or
 * the balancer's ends before the freeze does. Nothing is broken by it: no connection, no answer.
 */
import type { Outcome } from '../load/outcome.ts';
import { CLIENT_PATIENCE_MS, CLOCKS_MS, NOTICED_MS } from './cost-of-kill.ts';
import type { Victim } from './victim.ts';

export interface Freeze {
  readonly victim: Victim;
  /** Wall times: just before the first signal, and after the one to go on. */
  readonly atMs: number;
  readonly overAtMs: number;
  /** Whether a request may have been sent to the candidate by then. */
  readonly candidateHadTraffic: boolean;
  /** Whether the candidate may have been the only pool by then. */
  readonly candidateWasAlone: boolean;
}

/** How long the balancer waits for an instance's answer. */
const BALANCER_PATIENCE_MS = 4_000;

export function isCostOfFreeze(error: Outcome, freeze: Freeze): boolean {
  if (error.startedAtMs > freeze.overAtMs + CLOCKS_MS) return false;
  switch (freeze.victim) {
    case 'server':
    case 'host':
    case 'postgres':
      return false;
    case 'edge':
      return ranOutOfPatience(error, freeze);
    case 'candidate':
      return freeze.candidateHadTraffic && wasNotAnswered(error, freeze);
    case 'stable':
      return wasNotAnswered(error, { ...freeze, candidateWasAlone: true });
  }
}

/**
 * The client's own time was over, and the freeze was in it. A connection that found the kernel's queue
 * full may be tried again only after the freeze.
 */
function ranOutOfPatience(error: Outcome, { atMs, overAtMs }: Freeze): boolean {
  const isPatience = ['timeout', 'silent', 'echo-timeout'].includes(error.reason ?? '');
  const endedAtMs = endOf(error);
  const frozenMs = Math.min(endedAtMs, overAtMs) - Math.max(error.startedAtMs, atMs);
  return isPatience && endedAtMs <= overAtMs + CLIENT_PATIENCE_MS && frozenMs > 0;
}

/**
 * The balancer waited for as long as it waits, and may not ask another one: for what is not safe to
 * repeat never, and for the rest not where the pool is the only one.
 */
function wasNotAnswered(error: Outcome, freeze: Freeze): boolean {
  const { atMs, overAtMs, candidateWasAlone } = freeze;
  const endedAtMs = endOf(error);
  const isLate = error.reason === 'status-504' && (!error.idempotent || candidateWasAlone);
  const hasWaited = endedAtMs - error.startedAtMs >= BALANCER_PATIENCE_MS - CLOCKS_MS;
  return isLate && hasWaited && endedAtMs > atMs && endedAtMs <= overAtMs + NOTICED_MS;
}

function endOf({ intendedAtMs, durationMs }: Outcome): number {
  return intendedAtMs + durationMs;
}
