/** What may stand in a test case, by its name: in whatever case, for some write `Failure`. */
import type { XmlTag } from '../../../platform/read-xml.ts';
import type { TellingAttributes } from './telling-attributes.ts';

const BAD: ReadonlySet<string> = new Set(['failure', 'error']);
const SKIPS: ReadonlySet<string> = new Set(['skipped', 'disabled', 'ignored']);
/** What was printed or noted; also that a test has failed before it passed. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  ...['system-out', 'system-err', 'properties', 'flakyfailure', 'flakyerror'],
]);

export function isBad({ name }: XmlTag): boolean {
  return BAD.has(name.toLowerCase());
}

/** Whether it says how a test has ended. */
export function saysHow(tag: XmlTag): boolean {
  return isBad(tag) || SKIPS.has(tag.name.toLowerCase());
}

/**
 * Whether nobody knows what it says of the test case that it stands in, and no suite around counts those that failed: a
 * count is held against what is listed, and would tell.
 */
export function isStrange({ name }: XmlTag, within: readonly XmlTag[]): boolean {
  if (within.at(-1)?.name !== 'testcase' || name === 'testcase') return false;
  return !SAYS_NOTHING.has(name.toLowerCase()) && !within.some(countsFailures);
}

function countsFailures({ name, attributes }: XmlTag): boolean {
  if (name !== 'testsuite' && name !== 'testsuites') return false;
  const { failures, failed }: TellingAttributes = attributes;
  return failures !== undefined || failed !== undefined;
}
