/** Names of elements that test cases stand in, and of these themselves. */
const NAMES: ReadonlySet<string> = new Set(['testsuites', 'testsuite', 'testcase']);

export function holdsMore(name: string): boolean {
  return NAMES.has(name);
}
