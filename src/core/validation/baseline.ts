/** What the same check showed of the stable release, for what is asked relative to it. */
import type { CoverageMetric, Fact, Finding } from './fact.ts';
import type { Excuse } from './waiver.ts';
import type { Share } from './tally.ts';

export type Baseline =
  /** There is no stable release, or nobody named one. */
  | { readonly kind: 'none' }
  /** Nothing is kept of this check on it. */
  | { readonly kind: 'missing'; readonly release: string }
  | {
      readonly kind: 'found';
      readonly release: string;
      /** How often each finding was there. */
      readonly known: ReadonlyMap<string, number>;
      readonly coverage: Partial<Record<CoverageMetric, Share>>;
    };

/** More of them is no baseline but a heap; what is beyond counts as new. */
const KNOWN_MAX = 200_000;

/** Counts in place. */
export function addKnown(known: Map<string, number>, fact: Fact): void {
  if (fact.kind !== 'finding' || fact.isSuppressed) return;
  const print = fingerprintOf(fact);
  const count = known.get(print);
  if (count === undefined && known.size >= KNOWN_MAX) return;
  known.set(print, (count ?? 0) + 1);
}

/** For one report: a finding that was there once excuses one, not two. */
export function excusesKnown(baseline: Baseline): (finding: Finding) => Excuse | null {
  if (baseline.kind !== 'found') return () => null;
  const left = new Map(baseline.known);
  const why = `in ${baseline.release} already`;
  return (finding) => {
    const print = fingerprintOf(finding);
    const count = left.get(print) ?? 0;
    if (count === 0) return null;
    left.set(print, count - 1);
    return { isValid: true, why };
  };
}

/**
 * Lines move when something else is changed: they say nothing of what it is. What is said of a vulnerability changes when
 * it is mended elsewhere.
 */
function fingerprintOf({ rule, place, message, component }: Finding): string {
  if (component) {
    const { ecosystem, name, version } = component;
    return JSON.stringify([rule, ecosystem ?? null, name, version]);
  }
  const file = place?.replace(/(?::\d+){1,2}$/, '') ?? '';
  return JSON.stringify([rule, file, message]);
}
