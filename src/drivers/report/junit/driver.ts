/** Report `junit`: results of tests in JUnit's XML, as most runners write it. */
import type { Fact, TestResult } from '../../../core/validation/fact.ts';
import { testsAsked } from '../../../core/validation/asked/tests-asked.ts';
import { readXml, type XmlElement } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const junitReport = reportDriver({
  id: 'junit',
  summary: "Results of tests in JUnit's XML.",
  asks: testsAsked,
  read: readJunit,
});

async function* readJunit(source: ReportSource): AsyncGenerator<Fact> {
  const root = await readXml(source.chunks(), ['testsuites', 'testsuite']);
  for (const test of testsIn(root, [])) yield { kind: 'test', ...test };
  for (const message of unlisted(root)) yield { kind: 'incomplete', message };
}

function* testsIn(suite: XmlElement, path: readonly string[]): Generator<TestResult> {
  for (const child of suite.children) {
    const name = child.attributes['name'] ?? '';
    if (child.name === 'testsuite') yield* testsIn(child, [...path, name]);
    if (child.name === 'testcase') {
      const of = child.attributes['classname'] ?? path.at(-1) ?? '';
      yield { name: [of, name].filter((part) => part !== '').join(' › '), ...resultOf(child) };
    }
  }
}

function resultOf({ children }: XmlElement): Pick<TestResult, 'outcome' | 'message'> {
  const bad = children.find(({ name }) => name === 'failure' || name === 'error');
  if (bad) {
    const message = bad.attributes['message'] ?? bad.text.split('\n')[0] ?? '';
    return { outcome: 'failed', message };
  }
  const isSkipped = children.some(({ name }) => name === 'skipped');
  return { outcome: isSkipped ? 'skipped' : 'passed', message: null };
}

/** A suite that could not be loaded has failures, and no test that it would be of. */
function unlisted(suite: XmlElement): readonly string[] {
  const { name, failures = '0', errors = '0' } = suite.attributes;
  const listed = [...testsIn(suite, [])].filter(({ outcome }) => outcome === 'failed').length;
  const told = Number(failures) + Number(errors);
  const missing =
    told > listed ? [`${name ?? 'A suite'} counts ${told} failures and lists ${listed}`] : [];
  const suites = suite.children.filter((child) => child.name === 'testsuite');
  return [...missing, ...suites.flatMap(unlisted)];
}
