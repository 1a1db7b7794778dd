/** What the same check showed of the stable release, for what is asked relative to it. */
import type { CoverageMetric, Fact, Finding } from './fact.ts';
import type { ExcuseOf } from './first-excuse.ts';
import { isAtLeast, levels } from './level.ts';
import type { Share } from './tally.ts';
import { withoutBait } from './without-bait.ts';

export type Baseline =
  /** There is no stable release, or nobody named one. */
  | { readonly kind: 'none' }
  /** Nothing is kept of this check on it. */
  | { readonly kind: 'missing'; readonly release: string }
  | {
      readonly kind: 'found';
      readonly release: string;
      /** How often each finding was at each of its places, by what it is and how bad. */
      readonly known: ReadonlyMap<string, number>;
      readonly coverage: Partial<Record<CoverageMetric, Share>>;
    };

/** More of them is no baseline but a heap; what is beyond counts as new. */
const KNOWN_MAX = 200_000;

/** Counts in place. What was `planted` is none of the release's. */
export function addKnown(
  known: Map<string, number>,
  fact: Fact,
  planted: readonly string[] = [],
): void {
  if (fact.kind !== 'finding' || fact.isSuppressed) return;
  const { elsewhere } = withoutBait(fact, planted);
  if (elsewhere === null) return;
  for (const place of placesOf(elsewhere)) {
    const print = fingerprintOf(elsewhere, place);
    const count = known.get(print);
    if (count !== undefined || known.size < KNOWN_MAX) known.set(print, (count ?? 0) + 1);
  }
}

/**
 * For one report: a finding that was at a place once excuses one there, not two, and one at several places must have been
 * at each. `asKept`: what becomes of a text that is kept.
 */
export function excusesKnown(
  baseline: Baseline,
  asKept: (text: string) => string = (text) => text,
): ExcuseOf {
  if (baseline.kind !== 'found') return () => null;
  const left = new Map(baseline.known);
  const why = `in ${baseline.release} already`;
  return (found) => {
    const finding = { ...found, rule: asKept(found.rule), message: asKept(found.message) };
    const taken: string[] = [];
    for (const place of placesOf(found)) {
      const print = printsOf(finding, asKept(place)).find((each) => (left.get(each) ?? 0) > 0);
      if (print === undefined) {
        for (const each of taken) left.set(each, (left.get(each) ?? 0) + 1);
        return null;
      }
      left.set(print, (left.get(print) ?? 0) - 1);
      taken.push(print);
    }
    return { isValid: true, why };
  };
}

/** One that is nowhere is at a place without a name. */
function placesOf({ places }: Finding): readonly string[] {
  return places.length > 0 ? places.map(({ spot }) => spot) : [''];
}

/** One that has become worse is another one. */
function printsOf(finding: Finding, place: string): readonly string[] {
  return levels
    .filter((level) => isAtLeast(level, finding.level))
    .map((level) => fingerprintOf({ ...finding, level }, place));
}

/** What is said of a vulnerability changes when it is mended elsewhere. */
function fingerprintOf({ rule, level, message, component }: Finding, place: string): string {
  if (!component) return JSON.stringify([rule, level, place, message]);
  const { ecosystem, name, version } = component;
  return JSON.stringify([rule, level, place, ecosystem ?? null, name, version]);
}
