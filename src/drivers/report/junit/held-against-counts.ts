/** What a suite lists against what it counts. Runners count differently, and none counts more than it has run. */
import { operationalError } from '../../../core/operational-error.ts';
import type { XmlTag } from '../../../platform/read-xml.ts';
import type { Holder, Listed } from './holder.ts';
import { suiteSays } from './outcome-of.ts';
import type { TellingAttributes } from './telling-attributes.ts';
import { writesSuite } from './writers.ts';

/**
 * With what it counts and does not list, in words. A count may be of what stands directly in it, with each suite as one
 * (node:test), or of all test cases below (PHPUnit, Robot Framework): only what is more than all of these is missing.
 * Throws `report-invalid` for a count that is none.
 */
export function heldAgainstCounts(
  suite: XmlTag,
  holder: Holder,
): { readonly listed: Listed; readonly missing: readonly string[] } {
  const { listed } = holder;
  const cases = countOf(suite, 'tests');
  const failed = Math.max(
    countOf(suite, 'failures') + countOf(suite, 'errors'),
    countOf(suite, 'failed'),
  );
  const skipped = Math.max(
    countOf(suite, 'skipped') + countOf(suite, 'disabled'),
    ...(['skip', 'skips', 'ignored'] as const).map((what) => countOf(suite, what)),
  );
  const held = countsPartsOfCases(suite, holder)
    ? { ...listed, cases: Math.max(cases, listed.cases) }
    : listed;
  const excess = (count: number, what: string, found: number): readonly string[] =>
    count > found ? [`${nameOf(suite)} counts ${count} ${what} and lists ${found}`] : [];
  return {
    listed: held,
    missing: [
      ...excess(failed, 'failures', held.failed),
      ...excess(skipped, 'skipped tests', held.skipped),
      ...excess(cases, 'tests', held.cases),
      ...saidOfItself(suite, held),
    ],
  };
}

/** What a suite says of itself in a word must be seen in what it lists. */
function saidOfItself(suite: XmlTag, { failed, skipped }: Listed): readonly string[] {
  const said = suiteSays(suite.attributes);
  const isShown = { failed: failed > 0, skipped: skipped > 0, unknown: false, passed: true };
  return isShown[said]
    ? []
    : [`${nameOf(suite)} says how it went (${said}), and lists no such test`];
}

function countOf(suite: XmlTag, what: keyof TellingAttributes): number {
  const { [what]: count = '0' }: TellingAttributes = suite.attributes;
  if (/^\d+$/.test(count)) return Number(count);
  const reason = `${nameOf(suite)} counts "${count}" ${what}, which is no whole number.`;
  throw operationalError('report-invalid', reason);
}

function nameOf({ attributes }: XmlTag): string {
  return attributes['name'] ?? 'A suite';
}

/**
 * Only of a suite that is a known runner's in all that it writes, and that lists some case: what another one counts too
 * much is missing.
 */
function countsPartsOfCases(suite: XmlTag, holder: Holder): boolean {
  const { hasCases, hasSuites, bad, skips } = holder;
  if (!hasCases || hasSuites || bad > 0 || skips > 0) return false;
  return holder.writers.some((writer) => writesSuite(writer, suite));
}
