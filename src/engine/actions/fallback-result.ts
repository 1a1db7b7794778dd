/** What a step makes of it that the balancer itself has taken the candidate's traffic away. */
import { failureOf } from '../../core/failures.ts';
import type { Fallback } from '../../core/model/routing.ts';
import { fallbackSentence } from '../../core/words/fallback-sentence.ts';
import type { ActionResult } from '../action-context.ts';

export function fallbackResult(fallback: Fallback): ActionResult {
  const code = fallback.cause === 'tripped' ? 'gate-failed' : 'lease-lost';
  const failure = failureOf(code, fallbackSentence(fallback), { effect: 'applied' });
  const { decidedAtNs, zeroAtNs } = fallback;
  return { kind: 'failed', failure, decidedAtNs, zeroAtNs };
}
