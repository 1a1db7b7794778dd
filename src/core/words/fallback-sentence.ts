/** Why the balancer took a candidate's traffic away without being asked. */
import type { Fallback, TripCounts } from '../model/routing.ts';
import { counted } from './counted.ts';
import { showDuration } from './show-duration.ts';

/** `requests` are those that the candidate has had; null where nobody has counted them. */
export function fallbackSentence(fallback: Fallback, requests: number | null = null): string {
  if (fallback.cause === 'lease-lapsed') {
    return 'The lease lapsed: the controller or its database was away for too long, and the stable release serves.';
  }
  if (fallback.rule === 'hangs') {
    const { observed, sent, afterMs } = fallback;
    return `The balancer took the candidate's traffic away: of its last ${counted(sent, 'request')} ${observed} had no answer after ${showDuration(afterMs)}, far more than of the stable release's.`;
  }
  const { rule, observed, limit } = fallback;
  const all = requests === null ? '' : ` in ${counted(requests, 'request')}`;
  return `The balancer took the candidate's traffic away: it counted ${counted(observed, NAMES[rule])}${all}, and ${limit} are too many.`;
}

const NAMES: Readonly<Record<keyof TripCounts, string>> = {
  connectErrors: 'failed connection',
  serverErrors: 'server error',
  timeouts: 'time-out',
};
