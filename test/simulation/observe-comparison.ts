/**
 * What a comparison with the release before has taken in, beside what was really sent: every second from the
 * candidate's first request on, each of them once, whoever has gone on with it after a crash.
 */
import type { World } from './recorded.ts';
import type { SeenBody, SeenComparison } from './sight.ts';

export interface SeenCompared {
  /** What was recorded last. */
  last: SeenComparison | null;
}

export function nothingCompared(): SeenCompared {
  return { last: null };
}

const MS_PER_SECOND = 1_000;

/** An outcome that brings a comparison. */
export function checkCompared(seen: SeenCompared, world: World, { evidence }: SeenBody): void {
  const { comparison } = evidence ?? {};
  if (comparison === undefined) return;
  const { report, expected, sight } = world;
  const { last } = seen;
  seen.last = comparison;
  if (comparison.state.late > 0) report('I20', 'A second was compared again.');
  if (nextOf(comparison) > Math.floor(sight.nowMs / MS_PER_SECOND)) {
    report('I20', 'A second was compared before it was over.');
  }
  if (last !== null && nextOf(comparison) < nextOf(last)) {
    report('I20', 'Seconds that were compared are lost.');
  }
  if (expected.countsAreTrue) checkCounts(world, comparison);
}

/** Nothing is left out between the first second with an answer and the last that was over. */
function checkCounts({ report, sight }: World, comparison: SeenComparison): void {
  const { beforeSecond, leftOut, state } = comparison;
  const first = sight.sent.find(({ candidate }) => candidate > 0)?.second;
  if (first !== beforeSecond + 1) {
    report('I20', `The comparison begins with second ${beforeSecond + 1}, not with ${first}.`);
  }
  const sent = { candidate: 0, stable: 0 };
  for (const { second, candidate, stable } of sight.sent) {
    if (second <= beforeSecond || second >= nextOf(comparison)) continue;
    sent.candidate += candidate;
    sent.stable += stable;
  }
  const { candidateResponses, stableResponses } = state.totals;
  const compared = candidateResponses + leftOut;
  if (compared !== sent.candidate || stableResponses !== sent.stable) {
    report(
      'I20',
      `${compared} and ${stableResponses} requests were compared, ${sent.candidate} and ${sent.stable} were sent.`,
    );
  }
}

function nextOf({ beforeSecond, state }: SeenComparison): number {
  return beforeSecond + state.lastTick + 1;
}
