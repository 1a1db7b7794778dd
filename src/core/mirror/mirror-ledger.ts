/**
 * Counts who differed where. Each mirrored request has three answers: the client's, and two copies
 * sent at the same moment, one to the candidate and one to the stable release. What is noise differs
 * in both copies alike, so that where just one differs it is a fair coin which; a candidate that is
 * another loads it. Bounded: what is too many is counted together.
 */
import { countIn, type GrowingHistogram, type SparseHistogram } from '../model/histogram.ts';
import { compareOutcomes, type Difference } from './compare-outcomes.ts';
import type { MirroredOutcome } from './reduced-answer.ts';

export interface MirrorLedger {
  compared: number;
  noisy: number;
  unsettled: number;
  /** Over all routes, as each route has it. */
  readonly anywhere: PlaceCounts;
  readonly unanswered: { stable: number; candidate: number };
  readonly routes: Map<string, RouteLedger>;
  readonly latency: {
    readonly stable: GrowingHistogram;
    readonly candidate: GrowingHistogram;
  };
}

export interface RouteLedger {
  /** Requests in which the candidate differed somewhere and the stable release nowhere; and turned round. */
  readonly anywhere: PlaceCounts;
  readonly places: Map<string, PlaceLedger>;
  readonly additions: Map<string, number>;
}

export interface PlaceCounts {
  candidateOnly: number;
  stableOnly: number;
  both: number;
}

export interface PlaceLedger extends PlaceCounts {
  readonly place: string;
  readonly told: string;
  example: string;
}

/** One request that was mirrored, with everything it came to. */
export interface MirroredRequest {
  readonly route: string;
  /** Its path, without its query. */
  readonly path: string;
  readonly client: MirroredOutcome;
  readonly stable: MirroredCopy;
  readonly candidate: MirroredCopy;
}

export interface MirroredCopy {
  readonly outcome: MirroredOutcome;
  /** Time to its response head; null without one. */
  readonly headUs: number | null;
}

const ROUTES_MAX = 200;
const PLACES_MAX = 100;
const ADDITIONS_MAX = 50;
const OTHER_ROUTES = '(other routes)';
const OTHER_PLACES = '(other places)';

export function createMirrorLedger(): MirrorLedger {
  return {
    compared: 0,
    noisy: 0,
    unsettled: 0,
    anywhere: { candidateOnly: 0, stableOnly: 0, both: 0 },
    unanswered: { stable: 0, candidate: 0 },
    routes: new Map(),
    latency: { stable: new Map(), candidate: new Map() },
  };
}

export function noteMirrored(
  ledger: MirrorLedger,
  request: MirroredRequest,
  ignore: readonly string[],
): void {
  const { client, stable, candidate } = request;
  const route = routeLedger(ledger, request.route);
  ledger.compared += 1;
  for (const who of ['stable', 'candidate'] as const) {
    const { outcome, headUs } = request[who];
    if (outcome.kind !== 'answered') ledger.unanswered[who] += 1;
    if (headUs !== null) countIn(ledger.latency[who], headUs);
  }
  const ofStable = differencesIn(compareOutcomes(client, stable.outcome, ignore));
  const ofCandidate = differencesIn(compareOutcomes(client, candidate.outcome, ignore));
  if (ofStable.changes.size > 0) ledger.noisy += 1;
  if (hasStatus(ofStable.changes)) ledger.unsettled += 1;
  for (const { anywhere } of [ledger, route]) {
    const [inStable, inCandidate] = [ofStable.changes.size > 0, ofCandidate.changes.size > 0];
    if (inStable && inCandidate) anywhere.both += 1;
    else if (inCandidate) anywhere.candidateOnly += 1;
    else if (inStable) anywhere.stableOnly += 1;
  }
  notePlaces(route, [ofStable.changes, ofCandidate.changes], request.path);
  for (const { place } of ofCandidate.additions.values()) {
    const isKnown = route.additions.has(place) || route.additions.size < ADDITIONS_MAX;
    if (isKnown) addOne(route.additions, place);
  }
}

/** Many requests that are not told apart: as a model has them. Each differs in one place at most. */
export function noteManyMirrored(
  ledger: MirrorLedger,
  many: {
    readonly requests: number;
    readonly route: string;
    readonly differing: readonly (Omit<PlaceCounts, 'both'> & { readonly told: string })[];
    /** Of the candidate's answers. */
    readonly latency: SparseHistogram;
  },
): void {
  const route = routeLedger(ledger, many.route);
  ledger.compared += many.requests;
  for (const { told, candidateOnly, stableOnly } of many.differing) {
    ledger.noisy += stableOnly;
    ledger.unsettled += stableOnly;
    const difference = { place: 'status', told, isAddition: false };
    const place = placeLedger(route, `status ${told}`, difference);
    for (const counts of [ledger.anywhere, route.anywhere, place]) {
      counts.candidateOnly += candidateOnly;
      counts.stableOnly += stableOnly;
    }
  }
  for (const [bucket, count] of many.latency) {
    ledger.latency.candidate.set(bucket, (ledger.latency.candidate.get(bucket) ?? 0) + count);
  }
}

type Changes = ReadonlyMap<string, Difference>;

function notePlaces(
  route: RouteLedger,
  [ofStable, ofCandidate]: readonly [Changes, Changes],
  path: string,
): void {
  // Where one of the copies has another status, its headers and body were compared with nothing.
  const isStatusAlone = hasStatus(ofStable) || hasStatus(ofCandidate);
  const placesIn = (changes: Changes): ReadonlySet<PlaceLedger> =>
    new Set(
      [...changes]
        .filter(([, { place }]) => !isStatusAlone || place === 'status')
        .map(([key, difference]) => placeLedger(route, key, difference)),
    );
  const [inStable, inCandidate] = [placesIn(ofStable), placesIn(ofCandidate)];
  for (const place of new Set([...inStable, ...inCandidate])) {
    if (!inStable.has(place)) {
      place.candidateOnly += 1;
      place.example = path;
    } else if (inCandidate.has(place)) place.both += 1;
    else place.stableOnly += 1;
  }
}

function hasStatus(changes: Changes): boolean {
  for (const { place } of changes.values()) if (place === 'status') return true;
  return false;
}

function differencesIn(found: readonly Difference[]): { changes: Changes; additions: Changes } {
  const keyed = (isAddition: boolean): Changes =>
    new Map(
      found
        .filter((difference) => difference.isAddition === isAddition)
        .map((difference) => [`${difference.place} ${difference.told}`, difference]),
    );
  return { changes: keyed(false), additions: keyed(true) };
}

function routeLedger({ routes }: MirrorLedger, wanted: string): RouteLedger {
  const name = routes.has(wanted) || routes.size < ROUTES_MAX ? wanted : OTHER_ROUTES;
  const known = routes.get(name);
  if (known) return known;
  const created: RouteLedger = {
    anywhere: { candidateOnly: 0, stableOnly: 0, both: 0 },
    places: new Map(),
    additions: new Map(),
  };
  routes.set(name, created);
  return created;
}

function placeLedger({ places }: RouteLedger, wanted: string, found: Difference): PlaceLedger {
  const isKept = places.has(wanted) || places.size < PLACES_MAX;
  const key = isKept ? wanted : OTHER_PLACES;
  const known = places.get(key);
  if (known) return known;
  const { place, told } = isKept ? found : { place: OTHER_PLACES, told: 'differ' };
  const created = { place, told, candidateOnly: 0, stableOnly: 0, both: 0, example: '' };
  places.set(key, created);
  return created;
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
