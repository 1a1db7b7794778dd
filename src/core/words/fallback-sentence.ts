/** Why the balancer took a candidate's traffic away without being asked. */
import type { Fallback, TripRules } from '../model/routing.ts';
import { counted } from './counted.ts';

/** `requests` are those that the candidate has had; null where nobody has counted them. */
export function fallbackSentence(fallback: Fallback, requests: number | null = null): string {
  if (fallback.cause === 'lease-lapsed') {
    return 'The lease lapsed: the controller or its database was away for too long, and the stable release serves.';
  }
  const { rule, observed, limit } = fallback;
  const all = requests === null ? '' : ` in ${counted(requests, 'request')}`;
  return `The balancer took the candidate's traffic away: it counted ${counted(observed, NAMES[rule])}${all}, and ${limit} are too many.`;
}

const NAMES: Readonly<Record<keyof TripRules, string>> = {
  connectErrors: 'failed connection',
  serverErrors: 'server error',
  timeouts: 'time-out',
};
