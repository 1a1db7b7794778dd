/**
 * Runners whose suites count more tests than they list, as their fixtures show: pytest counts subtests, of which it lists
 * none, Catch2, which has no name for its host, and doctest count assertions.
 */
import type { XmlTag } from '../../../platform/read-xml.ts';

type Shape = Readonly<Record<string, RegExp>>;

export interface Writer {
  readonly suite: Shape;
  readonly test: Shape;
}

const ANY = /^/;
const DATE = /^\d{4}-\d{2}-\d{2}T/;
const COUNT = /^\d+$/;
const SECONDS = /^\d+(?:\.\d+)?$/;
const COUNTS: Shape = { errors: COUNT, failures: COUNT };

export const writers: readonly Writer[] = [
  {
    suite: { ...COUNTS, name: /^pytest$/, skipped: COUNT, timestamp: DATE },
    test: { classname: ANY, name: ANY, time: SECONDS },
  },
  {
    suite: { ...COUNTS, hostname: /^tbd$/, timestamp: DATE },
    test: { classname: ANY, name: ANY, time: SECONDS, status: /^run$/ },
  },
  {
    suite: { ...COUNTS, timestamp: DATE, doctest_version: /^\d+\.\d+/ },
    test: { classname: ANY, name: ANY, time: SECONDS, status: /^run$/ },
  },
];

export function writesSuite({ suite }: Writer, { name, attributes }: XmlTag): boolean {
  return name === 'testsuite' && hasShape(attributes, suite);
}

export function writesCase({ test }: Writer, { attributes }: XmlTag): boolean {
  return hasShape(attributes, test);
}

function hasShape(attributes: XmlTag['attributes'], shape: Shape): boolean {
  return Object.entries(shape).every(([name, form]) => {
    const value = attributes[name];
    return value !== undefined && form.test(value);
  });
}
