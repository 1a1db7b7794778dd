/** What the counts of a mirror come to: how much of it is noise, and how much is the candidate. */
import { sparseOf } from '../model/histogram.ts';
import { coinEvidence } from './coin-evidence.ts';
import type { MirrorLedger, PlaceCounts } from './mirror-ledger.ts';
import type { MirroredAddition, MirroredPlace, MirrorFindings } from './mirror-report.ts';

/** A release that is the same is called another in less than one of so many deployments. */
const FALSE_ALARMS_IN = 1_000;
/** From here on noise is no likely explanation any more, though not yet excluded. */
const LN_UNLIKELY = Math.log(20);
/** The candidate may differ so many times as often as the stable release does from itself. */
const NOISE_RATIO = 1.25;
const PLACES_TOLD_MAX = 20;
const ADDITIONS_TOLD_MAX = 20;

export function mirrorFindings(ledger: MirrorLedger, dropped: number): MirrorFindings {
  const { compared, noisy, unsettled, unanswered, latency } = ledger;
  const routes = [...ledger.routes];
  const needed = neededEvidence(ledger);
  return {
    compared,
    dropped,
    noisy,
    unsettled,
    unanswered: { ...unanswered },
    suspected: requestsOf(ledger, suspectedIn),
    proven: requestsOf(ledger, (counts) => (evidenceOf(counts) < needed ? 0 : excessOf(counts))),
    places: routes
      .flatMap(([route, { places }]) =>
        [...places.values()].map((place): MirroredPlace => ({
          route,
          ...place,
          evidence: evidenceOf(place),
        })),
      )
      .filter(({ candidateOnly }) => candidateOnly > 0)
      .sort(worstFirst)
      .slice(0, PLACES_TOLD_MAX),
    additions: routes
      .flatMap(([route, { additions }]) =>
        [...additions].map(([place, count]): MirroredAddition => ({ route, place, count })),
      )
      .sort((left, right) => right.count - left.count)
      .slice(0, ADDITIONS_TOLD_MAX),
    latency: { stable: sparseOf(latency.stable), candidate: sparseOf(latency.candidate) },
  };
}

/**
 * A request may differ in many places at once: of each route counts its worst one, so that no request
 * is counted twice.
 */
function requestsOf(
  { routes, anywhere: all }: MirrorLedger,
  of: (counts: PlaceCounts) => number,
): number {
  let requests = 0;
  for (const { anywhere, places } of routes.values()) {
    let worst = of(anywhere);
    for (const place of places.values()) worst = Math.max(worst, of(place));
    requests += worst;
  }
  return Math.max(requests, of(all));
}

/** Where the stable release never differed from itself, nothing else than the candidate explains it. */
function suspectedIn(counts: PlaceCounts): number {
  const isExplained = counts.stableOnly > 0 && evidenceOf(counts) < LN_UNLIKELY;
  return isExplained ? 0 : excessOf(counts);
}

/**
 * What is beyond what noise has done to the stable release as well. In a time that is hardly ever the client's, a
 * release that is quicker, for it has run for longer, differs a little less often: that is noise, too.
 */
function excessOf({ candidateOnly, stableOnly, both }: PlaceCounts): number {
  const isNoise = candidateOnly + both <= NOISE_RATIO * (stableOnly + both);
  return isNoise ? 0 : candidateOnly - stableOnly;
}

function evidenceOf({ candidateOnly, stableOnly }: PlaceCounts): number {
  return candidateOnly > stableOnly ? coinEvidence(candidateOnly, stableOnly) : 0;
}

/**
 * Every place is another chance of a false alarm: the k-th that showed up may use 1/(k(k + 1)) of
 * them, and all are held to what the last one needs.
 */
function neededEvidence({ routes, anywhere: all }: MirrorLedger): number {
  const counts = [...routes.values()].flatMap(({ anywhere, places }) => [
    anywhere,
    ...places.values(),
  ]);
  const asked = [all, ...counts].filter(
    ({ candidateOnly, stableOnly }) => candidateOnly + stableOnly > 0,
  ).length;
  return Math.log(FALSE_ALARMS_IN) + Math.log(asked * (asked + 1));
}

function worstFirst(left: MirroredPlace, right: MirroredPlace): number {
  return right.evidence - left.evidence || right.candidateOnly - left.candidateOnly;
}
