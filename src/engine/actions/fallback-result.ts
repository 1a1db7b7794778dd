import type { Fallback } from '../../core/model/routing.ts';
import { fallbackFailure } from '../../core/routing/fallback-failure.ts';
import type { ActionResult } from '../action-context.ts';

/** What a step makes of it that the balancer itself has taken the candidate's traffic away. */
export function fallbackResult(fallback: Fallback): Extract<ActionResult, { kind: 'failed' }> {
  const { decidedAtNs, zeroAtNs } = fallback;
  return { kind: 'failed', failure: fallbackFailure(fallback), decidedAtNs, zeroAtNs };
}
