import { failureOf, type Failure } from '../failures.ts';
import type { Fallback } from '../model/routing.ts';
import { fallbackSentence } from '../words/fallback-sentence.ts';

/** What a step fails with that finds the candidate's traffic taken away by the balancer itself. */
export function fallbackFailure(fallback: Fallback): Failure {
  const code = fallback.cause === 'tripped' ? 'gate-failed' : 'lease-lost';
  return failureOf(code, fallbackSentence(fallback), { effect: 'applied' });
}
