/** Report `junit`: results of tests in JUnit's XML, as most runners write it. */
import type { Fact } from '../../../core/validation/fact.ts';
import { testsAsked } from '../../../core/validation/asked/tests-asked.ts';
import { readXml, type XmlElement } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { heldAgainstCounts, type Listed } from './held-against-counts.ts';
import { outcomeOf, type CaseOutcome } from './outcome-of.ts';
import { unwrapped } from './unwrapped.ts';

export const junitReport = reportDriver({
  id: 'junit',
  summary: "Results of tests in JUnit's XML.",
  asks: testsAsked,
  read: readJunit,
});

async function* readJunit(source: ReportSource): AsyncGenerator<Fact> {
  const root = await readXml(source.chunks(), ['testsuites', 'testsuite']);
  yield* factsIn(unwrapped(root), []);
}

/** Those of all that stands in it; returns what they come to. */
function* factsIn(suite: XmlElement, path: readonly string[]): Generator<Fact, Listed> {
  let listed: Listed = { cases: 0, failed: 0, skipped: 0 };
  for (const child of suite.children) {
    const name = child.attributes['name'] ?? '';
    if (child.name === 'testsuite' || child.name === 'testsuites') {
      listed = sumOf(listed, yield* factsIn(child, [...path, name]));
    }
    if (child.name === 'testcase') listed = sumOf(listed, yield* factsOfCase(child, path));
  }
  const { shown, ...result } = outcomeOf({ ...suite, attributes: {} });
  // What went wrong around its tests is of none of them.
  if (result.outcome !== 'passed') yield* factsOf(path, result);
  const held = heldAgainstCounts(suite, sumOf(listed, { cases: 0, ...shown }));
  for (const message of held.missing) yield { kind: 'incomplete', message };
  return held.listed;
}

/** With those that stand in it. */
function* factsOfCase(test: XmlElement, path: readonly string[]): Generator<Fact, Listed> {
  const name = test.attributes['name'] ?? '';
  const of = test.attributes['classname'] ?? path.at(-1) ?? '';
  const { shown, ...result } = outcomeOf(test);
  yield* factsOf([of, name], result);
  const inner = test.children.filter(({ name: tag }) => tag.startsWith('test'));
  const within = yield* factsIn({ name: '', attributes: {}, children: inner, text: '' }, [name]);
  return sumOf({ cases: 1, ...shown }, within);
}

function* factsOf(
  path: readonly string[],
  { outcome, message }: Pick<CaseOutcome, 'outcome' | 'message'>,
): Generator<Fact> {
  const name = path.filter((part) => part !== '').join(' › ');
  if (outcome !== 'unknown') yield { kind: 'test', name, outcome, message };
  else yield { kind: 'incomplete', message: `${name}: ${message ?? ''}` };
}

function sumOf(one: Listed, other: Listed): Listed {
  return {
    cases: one.cases + other.cases,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}
