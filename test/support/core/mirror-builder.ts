/** Mirrored requests for tests: three answers that are the same unless said otherwise. */
import type { MirroredCopy, MirroredRequest } from '../../../src/core/mirror/mirror-ledger.ts';
import type { MirroredOutcome, ReducedAnswer } from '../../../src/core/mirror/reduced-answer.ts';

export function anOutcome(changes: Partial<ReducedAnswer> = {}): MirroredOutcome {
  const answer: ReducedAnswer = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { kind: 'JSON', text: '{"title":"News"}' },
    ...changes,
  };
  return { kind: 'answered', answer };
}

/** An answer with this JSON body. */
export function aJsonOutcome(value: unknown): MirroredOutcome {
  return anOutcome({ body: { kind: 'JSON', text: JSON.stringify(value) } });
}

export function aCopy(outcome: MirroredOutcome = anOutcome(), headUs = 1_000): MirroredCopy {
  return { outcome, headUs: outcome.kind === 'answered' ? headUs : null };
}

export function aMirroredRequest(
  outcomes: Partial<Record<'client' | 'stable' | 'candidate', MirroredOutcome>> = {},
  route = 'GET /articles/*',
): MirroredRequest {
  return {
    route,
    path: '/articles/17',
    client: outcomes.client ?? anOutcome(),
    stable: aCopy(outcomes.stable),
    candidate: aCopy(outcomes.candidate),
  };
}
