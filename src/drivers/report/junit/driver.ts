/** Report `junit`: results of tests in JUnit's XML, as most runners write it, of any length. */
import type { Fact } from '../../../core/validation/fact.ts';
import { testsAsked } from '../../../core/validation/asked/tests-asked.ts';
import { xmlElements, type XmlTag } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { heldAgainstCounts } from './held-against-counts.ts';
import { addCase, addListed, addPart, newHolder, type Holder } from './holder.ts';
import { holdsMore } from './holds-more.ts';
import { isOtherCase, refuseOtherCase } from './refuse-other-case.ts';
import { isStrange, saysHow } from './says-how.ts';
import { outcomeOf, type CaseOutcome } from './outcome-of.ts';

export const junitReport = reportDriver({
  id: 'junit',
  summary: "Results of tests in JUnit's XML.",
  asks: testsAsked,
  read: readJunit,
});

/** Of one part of what a test is called, and of all of them: what a suite is called is said with each of its tests. */
const PART_MAX = 500;
const NAME_MAX = 2_000;
/** What tests have printed is not kept, and may be long. */
const CHARACTERS_MAX = 64 * 1024 * 1024;

/**
 * In the memory of what is open. What stands in an element that nobody knows stands in what that stands in, however
 * deep.
 */
async function* readJunit(source: ReportSource): AsyncGenerator<Fact> {
  const open: Holder[] = [];
  const parts = xmlElements(source.chunks(), {
    roots: ['testsuites', 'testsuite'],
    isChosen: saysHow,
    isEndTold: (tag, within) => holdsMore(tag.name) || isOtherCase(tag) || isStrange(tag, within),
    charactersMax: CHARACTERS_MAX,
  });
  for await (const { element, within } of parts) {
    refuseOtherCase(element);
    const around = within.filter(({ name }) => holdsMore(name));
    while (open.length <= around.length) open.push(newHolder());
    const holder = open[around.length - 1];
    if (!holdsMore(element.name)) {
      if (holder) addPart(holder, element);
      continue;
    }
    const ended = open[around.length] ?? newHolder();
    open.length = around.length;
    if (element.name === 'testcase') yield* factsOfCase(element, { ended, holder, around });
    else yield* factsOfSuite(element, { ended, holder, around });
  }
}

interface Ended {
  /** All that stood in it. */
  readonly ended: Holder;
  /** What it stands in; missing of the root. */
  readonly holder: Holder | undefined;
  /** The tags of that and of what that stands in, from the root down. */
  readonly around: readonly XmlTag[];
}

function* factsOfCase(test: XmlTag, { ended, holder, around }: Ended): Generator<Fact> {
  const { attributes } = test;
  const of = attributes['classname'] ?? pathOf(around).at(-1) ?? '';
  const { shown, ...result } = outcomeOf(attributes, ended);
  if (result.outcome !== 'passed' || !isEmptyFile(test)) {
    yield* factsOf([of, attributes['name'] ?? ''], result);
  }
  if (!holder) return;
  addCase(holder, test);
  addListed(holder, ended.listed);
  addListed(holder, { cases: 1, ...shown });
}

/** What node:test calls a test of a file that has none in it, since its code has run. */
function isEmptyFile({ attributes }: XmlTag): boolean {
  const { name = '', classname, file } = attributes;
  if (classname !== 'test' || file === undefined || !/\.[cm]?[jt]sx?$/.test(name)) return false;
  return file === name || file.endsWith(`/${name}`);
}

function* factsOfSuite(suite: XmlTag, { ended, holder, around }: Ended): Generator<Fact> {
  const { shown, ...result } = outcomeOf({}, ended);
  // What went wrong around its tests is of none of them.
  if (result.outcome !== 'passed') yield* factsOf(pathOf([...around, suite]), result);
  addListed(ended, { cases: 0, ...shown });
  const held = heldAgainstCounts(suite, ended);
  for (const message of held.missing) yield { kind: 'incomplete', message };
  if (!holder) return;
  holder.hasSuites = true;
  addListed(holder, held.listed);
}

/** Names from behind the root down; what stands in a test is of that alone. */
function pathOf(tags: readonly XmlTag[]): readonly string[] {
  const from = tags.findLastIndex(({ name }) => name === 'testcase');
  return tags.slice(Math.max(1, from)).map(({ attributes }) => attributes['name'] ?? '');
}

function* factsOf(
  path: readonly string[],
  { outcome, message }: Pick<CaseOutcome, 'outcome' | 'message'>,
): Generator<Fact> {
  const parts = path.filter((part) => part !== '');
  const partMax = Math.min(PART_MAX, Math.ceil(NAME_MAX / parts.length));
  const name = parts.map((part) => part.slice(0, partMax)).join(' › ');
  if (outcome !== 'unknown') yield { kind: 'test', name, outcome, message };
  else yield { kind: 'incomplete', message: `${name}: ${message ?? ''}` };
}
