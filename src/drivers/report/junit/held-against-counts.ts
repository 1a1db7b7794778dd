/** What a suite lists against what it counts. Runners count differently, and none counts more than it has run. */
import { operationalError } from '../../../core/operational-error.ts';
import type { XmlElement } from '../../../platform/read-xml.ts';

/** Of all that stands in a suite. */
export interface Listed {
  readonly cases: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * With what it counts and does not list, in words. A count may be of what stands directly in it, with each suite as one
 * (node:test), or of all test cases below (PHPUnit, Robot Framework): only what is more than all of these is missing.
 * Throws `report-invalid` for a count that is none.
 */
export function heldAgainstCounts(
  suite: XmlElement,
  listed: Listed,
): { readonly listed: Listed; readonly missing: readonly string[] } {
  const cases = countOf(suite, 'tests');
  const failed = countOf(suite, 'failures') + countOf(suite, 'errors');
  const skipped = countOf(suite, 'skipped') + countOf(suite, 'disabled');
  const held = countsPartsOfCases(suite)
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
    ],
  };
}

function countOf(suite: XmlElement, what: string): number {
  const count = suite.attributes[what] ?? '0';
  if (/^\d+$/.test(count)) return Number(count);
  const reason = `${nameOf(suite)} counts "${count}" ${what}, which is no whole number.`;
  throw operationalError('report-invalid', reason);
}

function nameOf({ attributes }: XmlElement): string {
  return attributes['name'] ?? 'A suite';
}

/**
 * Subtests, of which pytest lists none, or assertions: Catch2, which has no name for its host, and doctest. Only of a
 * suite that is theirs in all that they write, and that lists some case: what another one counts too much is missing.
 */
function countsPartsOfCases({ name, attributes, children }: XmlElement): boolean {
  const cases = children.filter((child) => child.name === 'testcase');
  if (name !== 'testsuite' || cases.length === 0 || cases.length < children.length) return false;
  return WRITERS.some(
    ({ suite, test }) =>
      hasShape(attributes, suite) && cases.every((each) => hasShape(each.attributes, test)),
  );
}

type Shape = Readonly<Record<string, RegExp>>;

function hasShape(attributes: XmlElement['attributes'], shape: Shape): boolean {
  return Object.entries(shape).every(([name, form]) => {
    const value = attributes[name];
    return value !== undefined && form.test(value);
  });
}

const ANY = /^/;
const DATE = /^\d{4}-\d{2}-\d{2}T/;
const COUNT = /^\d+$/;
const SECONDS = /^\d+\.\d+$/;
const COUNTS: Shape = { errors: COUNT, failures: COUNT };

const WRITERS: readonly { readonly suite: Shape; readonly test: Shape }[] = [
  {
    suite: { ...COUNTS, name: /^pytest$/, skipped: COUNT, timestamp: DATE },
    test: { classname: ANY, name: ANY, time: SECONDS },
  },
  {
    suite: { ...COUNTS, hostname: /^tbd$/, timestamp: DATE },
    test: { classname: ANY, name: ANY, status: /^run$/ },
  },
  {
    suite: { ...COUNTS, doctest_version: /^\d+\.\d+/ },
    test: { classname: ANY, name: ANY, status: /^run$/ },
  },
];
