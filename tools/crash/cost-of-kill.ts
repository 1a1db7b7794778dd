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

/**
 * Until then the edge has read that its connections to a dead instance are closed, and the client that
 * its own is: on a machine with ten processes for each core both wait for their turn.
 */
export const NOTICED_MS = 3_000;
/** Of the clients: for so long they wait, and read what became of a connection. */
export const CLIENT_PATIENCE_MS = 10_000;
/** How far the wall clocks of two processes may be apart. */
export const CLOCKS_MS = 20;

export function isCostOfKill(error: Outcome, kill: Kill): boolean {
  const endedAtMs = error.intendedAtMs + error.durationMs;
  if (endedAtMs < kill.atMs - CLOCKS_MS) return false;
  switch (kill.victim) {
    case 'server':
    case 'host':
    case 'postgres':
      return false;
    case 'edge':
      return endedAtMs <= kill.goneAtMs + CLIENT_PATIENCE_MS && wasOnEdge(error, kill);
    case 'candidate':
      return kill.candidateHadTraffic && wasOnInstance(error, kill);
    case 'stable':
      return wasOnInstance(error, kill);
  }
}

/**
 * A client's connection to the worker. One that is begun later waits for the next worker; when a
 * client reads that an older one is closed hangs on the client alone.
 */
function wasOnEdge(error: Outcome, kill: Kill): boolean {
  const isLoss = ['reset-reused', 'reset', 'truncated', 'cut'].includes(error.reason ?? '');
  return isLoss && (error.connectionFromMs ?? error.startedAtMs) <= kill.sentAtMs + CLOCKS_MS;
}

/**
 * The edge's connection to the instance: what its end would cost without any deployment. What is safe
 * to repeat is answered by another one: for a candidate by the stable pool until `settle-split`, and
 * otherwise by the other instance of the pool.
 */
function wasOnInstance(error: Outcome, kill: Kill): boolean {
  const endedAtMs = error.intendedAtMs + error.durationMs;
  if (error.idempotent || endedAtMs > kill.goneAtMs + NOTICED_MS) return false;
  // Sent to the instance: the edge cannot know whether it was done, and must not do it twice.
  if (error.reason === 'status-502') return true;
  return error.reason === 'cut' && beganBefore(error, kill);
}

function beganBefore({ startedAtMs }: Outcome, { sentAtMs }: Kill): boolean {
  return startedAtMs <= sentAtMs + CLOCKS_MS;
}
