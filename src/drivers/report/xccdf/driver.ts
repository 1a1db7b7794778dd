/** Report `xccdf`: results of controls in XCCDF 1.1 and 1.2, plain or within ARF, as OpenSCAP writes them. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { controlsAsked } from '../../../core/validation/asked/controls-asked.ts';
import type { ControlOutcome, ControlResult, Fact } from '../../../core/validation/fact.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { xmlElements, type XmlElement, type XmlTag } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const xccdfReport = reportDriver({
  id: 'xccdf',
  summary: 'Results of controls in XCCDF or ARF, of OpenSCAP and others.',
  asks: controlsAsked,
  read: readXccdf,
});

const ROOTS = ['Benchmark', 'TestResult', 'asset-report-collection'];

async function* readXccdf(source: ReportSource): AsyncGenerator<Fact> {
  // Rules stand before the results, by the schemas of both formats.
  const titles = new Map<string, string>();
  const seen = new Set<string>();
  for await (const { element, within } of xmlElements(source.chunks(), {
    roots: ROOTS,
    isChosen,
  })) {
    const parent = within.at(-1)?.attributes ?? {};
    if (element.name === 'title') {
      const id = parent['id'] ?? '';
      if (!titles.has(id)) titles.set(id, element.text);
      continue;
    }
    // Of one that was not ended the results are not all there.
    if (!parent['end-time']) throw invalid('results do not say when they ended');
    const run = parent['test-system'] ?? '';
    if (!seen.has(run)) yield* toolOf(run);
    seen.add(run);
    const control = controlOf(element, titles);
    if (control) yield { kind: 'control', ...control };
  }
  if (seen.size === 0) throw invalid('it has no results of rules');
}

function isChosen({ name }: XmlTag, within: readonly XmlTag[]): boolean {
  const parent = within.at(-1)?.name;
  return (
    (name === 'rule-result' && parent === 'TestResult') || (name === 'title' && parent === 'Rule')
  );
}

/** `cpe:/a:redhat:openscap:1.3.7` or `cpe:2.3:a:redhat:openscap:1.3.7:*` */
function* toolOf(testSystem: string): Generator<Fact> {
  const [, name, version] = /^cpe:(?:\/|2\.3:)a:[^:]*:([^:]+)(?::([^:]+))?/.exec(testSystem) ?? [];
  if (name) yield { kind: 'tool', name, version: version && version !== '*' ? version : null };
}

/** Null of a rule that nobody has asked for, or that only tells something. */
function controlOf(
  { attributes, children }: XmlElement,
  titles: ReadonlyMap<string, string>,
): ControlResult | null {
  const { idref: id, severity = 'unknown' } = attributes;
  if (!id) throw invalid('a result does not say of which rule it is');
  const word = textOf(children, 'result');
  const outcome = OUTCOMES.get(word);
  if (outcome === undefined) throw invalid(`"${word}" is no result of a rule`);
  if (outcome === null) return null;
  const message = outcome === 'passed' ? null : textOf(children, 'message') || null;
  // That it is unknown is no reason to look away.
  return { id, title: titles.get(id) ?? id, level: levelOf(severity), outcome, message };
}

const OUTCOMES: ReadonlyMap<string, ControlOutcome | null> = new Map([
  ['pass', 'passed'],
  ['fixed', 'passed'],
  ['fail', 'failed'],
  ['error', 'error'],
  ['unknown', 'error'],
  ['notapplicable', 'not-applicable'],
  ['notchecked', 'not-checked'],
  ['notselected', null],
  ['informational', null],
]);

const levelOf = levelsByWord({ info: 'note', low: 'low', medium: 'medium', high: 'high' });

function textOf(children: readonly XmlElement[], wanted: string): string {
  return children.find(({ name }) => name === wanted)?.text ?? '';
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It is no result of XCCDF: ${what}.`);
}
