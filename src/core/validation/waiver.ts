/** A finding that somebody puts up with for a time, and says why. */
import type { Finding } from './fact.ts';
import type { FoundPlace } from './found-place.ts';
import { namesFolder, namesPath } from './names-path.ts';

export interface Waiver {
  /** The rule or vulnerability, by any of its names. */
  readonly finding: string;
  /** A whole file, package or request of its place; of a path with `/` at its end all below it; null for wherever it is. */
  readonly place: string | null;
  /** A part of what is said of it; null for whatever is. */
  readonly message: string | null;
  /** The only check that it counts for; null for any. */
  readonly check: string | null;
  readonly reason: string;
  readonly owner: string;
  /** The last moment at which it counts, since 1970. */
  readonly untilMs: number;
  /** As people wrote it. */
  readonly until: string;
}

/** Whether a finding is put up with, and why; of one that is not, what was meant to excuse it. */
export interface Excuse {
  readonly isValid: boolean;
  readonly why: string;
}

/** Those that mean what a check has found, at one of its places at least. */
export function waiversMeaning(
  waivers: readonly Waiver[],
  check: string,
  finding: Finding,
): readonly Waiver[] {
  const places = placesOf(finding);
  return waivers.filter(
    (waiver) => isNamed(waiver, check, finding) && places.some((place) => isAt(waiver, place)),
  );
}

/** `meant`: those that mean it. Null without any. Of one at several places each must be meant, by the same or by several. */
export function excusedByWaivers(
  meant: readonly Waiver[],
  nowMs: number,
  finding: Finding,
): Excuse | null {
  const places = placesOf(finding);
  const valid = waiversOfAll(
    places,
    meant.filter(({ untilMs }) => nowMs <= untilMs),
  );
  if (valid) return { isValid: true, why: valid.map(reasonOf).join('; ') };
  const expired = waiversOfAll(places, meant)?.find(({ untilMs }) => nowMs > untilMs);
  if (expired) {
    const why = `waiver of ${expired.finding} by ${expired.owner}, expired on ${expired.until}`;
    return { isValid: false, why };
  }
  const [partly] = meant;
  if (!partly) return null;
  const why = `waiver of ${partly.finding} by ${partly.owner}, not for all of its places`;
  return { isValid: false, why };
}

function placesOf({ places }: Finding): readonly (FoundPlace | null)[] {
  return places.length > 0 ? places : [null];
}

/** For each place the first that means it; null when one has none. */
function waiversOfAll(
  places: readonly (FoundPlace | null)[],
  waivers: readonly Waiver[],
): readonly Waiver[] | null {
  const found = new Set<Waiver>();
  for (const place of places) {
    const waiver = waivers.find((each) => isAt(each, place));
    if (!waiver) return null;
    found.add(waiver);
  }
  return [...found];
}

function reasonOf({ owner, until, reason }: Waiver): string {
  return `waived by ${owner} until ${until}: ${reason}`;
}

/** But for its places. */
function isNamed(waiver: Waiver, check: string, finding: Finding): boolean {
  const { rule, aliases = [], message } = finding;
  return (
    (waiver.check === null || waiver.check === check) &&
    [rule, ...aliases].includes(waiver.finding) &&
    (waiver.message === null || message.includes(waiver.message))
  );
}

/** `place`: null of a finding that has none. */
function isAt({ place: wanted }: Waiver, place: FoundPlace | null): boolean {
  if (wanted === null) return true;
  if (place === null) return false;
  const isMeant = wanted.endsWith('/') ? namesFolder : namesPath;
  return place.names.includes(wanted) || place.paths.some((path) => isMeant(path, wanted));
}
