/** What a report says of tests, without the elements that only some runners put around it. */
import type { XmlElement } from '../../../platform/read-xml.ts';

/** What stands in an element that nobody knows stands in what that stands in, however deep. */
export function unwrapped(element: XmlElement): XmlElement {
  return { ...element, children: [...known(element)] };
}

function* known({ children }: XmlElement): Generator<XmlElement> {
  for (const child of children) {
    if (HOLDS_MORE.has(child.name)) yield unwrapped(child);
    else if (SAYS_HOW.has(child.name)) yield child;
    else yield* known(child);
  }
}

const HOLDS_MORE: ReadonlySet<string> = new Set(['testsuites', 'testsuite', 'testcase']);
const SAYS_HOW: ReadonlySet<string> = new Set([
  ...['failure', 'error', 'skipped', 'disabled', 'ignored'],
]);
