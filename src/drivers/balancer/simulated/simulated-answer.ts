/** What a simulated pool does with a request, and what that is to a client and to the balancer. */
import type { TripCounts } from '../../../core/model/routing.ts';

export type SimulatedAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly latencyUs: number;
      /** Its body; empty when there is none. */
      readonly json?: string;
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'late' }
  /** It never comes: the request waits until its time is over, or its pool has lost its traffic. */
  | { readonly kind: 'hangs' }
  /** The client leaves before there is an answer. */
  | { readonly kind: 'abandoned'; readonly waitedUs: number };

/** What the answer counts as among the data plane's own rules; null when it is no failure. */
export function ruleOf(answer: SimulatedAnswer): keyof TripCounts | null {
  switch (answer.kind) {
    case 'answer':
      return answer.status >= 500 ? 'serverErrors' : null;
    case 'refused':
      return 'connectErrors';
    case 'late':
      return 'timeouts';
    case 'hangs':
    case 'abandoned':
      return null;
  }
}

/** How long a request waits for its answer to begin, in ns; null when it does until its time is over. */
export function waitOf(answer: SimulatedAnswer): bigint | null {
  switch (answer.kind) {
    case 'answer':
      return nsOf(answer.latencyUs);
    case 'abandoned':
      return nsOf(answer.waitedUs);
    case 'refused':
      return 0n;
    case 'late':
    case 'hangs':
      return null;
  }
}

function nsOf(us: number): bigint {
  return BigInt(Math.round(us * 1_000));
}

/** As the client sees it. */
export function statusOf(answer: SimulatedAnswer): number {
  switch (answer.kind) {
    case 'answer':
      return answer.status;
    case 'refused':
      return 503;
    case 'late':
    case 'hangs':
      return 504;
    case 'abandoned':
      // No status reached the client; balancers write this one in their logs.
      return 499;
  }
}
