/**
 * What the kill of a process may cost clients: what was under way on it, and nothing that began
 * later. A process that clients do not talk through may cost nothing.
 */
import type { Outcome } from '../load/outcome.ts';
import type { Victim } from './victim.ts';

export interface Kill {
  readonly victim: Victim;
  /** Wall times: just before the signal, right after it, and when the process was seen gone. */
  readonly atMs: number;
  readonly sentAtMs: number;
  readonly goneAtMs: number;
  /** Whether a request may have been sent to the candidate by then. */
  readonly candidateHadTraffic: boolean;
}

/** Until then clients and edge have read that the connections of the dead process are closed. */
export const NOTICED_MS = 250;
/** How far the wall clocks of two processes may be apart. */
export const CLOCKS_MS = 20;

export function isCostOfKill(error: Outcome, kill: Kill): boolean {
  const endedAtMs = error.intendedAtMs + error.durationMs;
  if (endedAtMs < kill.atMs - CLOCKS_MS || endedAtMs > kill.goneAtMs + NOTICED_MS) return false;
  switch (kill.victim) {
    case 'server':
    case 'host':
    case 'postgres':
      return false;
    case 'edge':
      return wasOnEdge(error, kill);
    case 'candidate':
      return kill.candidateHadTraffic && wasOnInstance(error, kill);
    case 'stable':
      return wasOnInstance(error, kill);
  }
}

/** A client's connection to the worker. One that is made later waits for the next worker. */
function wasOnEdge(error: Outcome, kill: Kill): boolean {
  switch (error.reason) {
    // Kept open from before; whoever has not read yet that it is closed may still send on it.
    case 'reset-reused':
      return true;
    // An event stream may begin on a connection that was kept open; its outcome does not tell.
    case 'reset':
      return error.kind === 'sse' || beganBefore(error, kill);
    case 'truncated':
    case 'cut':
      return beganBefore(error, kill);
    default:
      return false;
  }
}

/**
 * The edge's connection to the instance: what its end would cost without any deployment. What is safe
 * to repeat is answered by another one: for a candidate by the stable pool until `settle-split`, and
 * otherwise by the other instance of the pool.
 */
function wasOnInstance(error: Outcome, kill: Kill): boolean {
  if (error.idempotent) return false;
  // Sent to the instance: the edge cannot know whether it was done, and must not do it twice.
  if (error.reason === 'status-502') return true;
  return error.reason === 'cut' && beganBefore(error, kill);
}

function beganBefore({ startedAtMs }: Outcome, { sentAtMs }: Kill): boolean {
  return startedAtMs <= sentAtMs + CLOCKS_MS;
}
