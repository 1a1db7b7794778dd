/** What the same check showed of the stable release, for what is asked relative to it. */
import type { CoverageMetric, Fact, Finding } from './fact.ts';
import type { ExcuseOf } from './first-excuse.ts';
import { isAtLeast, levels } from './level.ts';
import { namesPath } from './names-path.ts';
import type { Share } from './tally.ts';

export type Baseline =
  /** There is no stable release, or nobody named one. */
  | { readonly kind: 'none' }
  /** Nothing is kept of this check on it. */
  | { readonly kind: 'missing'; readonly release: string }
  | {
      readonly kind: 'found';
      readonly release: string;
      /** How often each finding was there, by what it is and how bad. */
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
  const { place } = fact;
  if (place !== null && planted.some((path) => namesPath(place, path))) return;
  const print = fingerprintOf(fact);
  const count = known.get(print);
  if (count === undefined && known.size >= KNOWN_MAX) return;
  known.set(print, (count ?? 0) + 1);
}

/** For one report: a finding that was there once excuses one, not two. `asKept`: what becomes of a text that is kept. */
export function excusesKnown(
  baseline: Baseline,
  asKept: (text: string) => string = (text) => text,
): ExcuseOf {
  if (baseline.kind !== 'found') return () => null;
  const left = new Map(baseline.known);
  const why = `in ${baseline.release} already`;
  return (found) => {
    const { rule, place, message } = found;
    const kept = { rule: asKept(rule), place: place && asKept(place), message: asKept(message) };
    const finding = { ...found, ...kept };
    // One that has become worse is another one.
    const prints = levels
      .filter((level) => isAtLeast(level, finding.level))
      .map((level) => fingerprintOf({ ...finding, level }));
    const print = prints.find((each) => (left.get(each) ?? 0) > 0);
    if (print === undefined) return null;
    left.set(print, (left.get(print) ?? 0) - 1);
    return { isValid: true, why };
  };
}

/**
 * Lines move when something else is changed: they say nothing of what it is. What is said of a vulnerability changes when
 * it is mended elsewhere.
 */
function fingerprintOf({ rule, level, place, message, component }: Finding): string {
  const file = place?.replace(/(?::\d+){1,2}$/, '') ?? '';
  if (!component) return JSON.stringify([rule, level, file, message]);
  const { ecosystem, name, version } = component;
  return JSON.stringify([rule, level, file, ecosystem ?? null, name, version]);
}
