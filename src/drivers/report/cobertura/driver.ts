/** Report `cobertura`: which lines, branches and methods tests have reached, in Cobertura's XML. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { coverageAsked } from '../../../core/validation/asked/coverage-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { readXml, type XmlElement } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const coberturaReport = reportDriver({
  id: 'cobertura',
  summary: "Coverage by tests in Cobertura's XML.",
  asks: coverageAsked,
  read: readCobertura,
});

async function* readCobertura(source: ReportSource): AsyncGenerator<Fact> {
  const root = await readXml(source.chunks(), ['coverage']);
  for (const of of classesIn(root)) yield* factsOf(of);
}

function* classesIn(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.name === 'class') yield child;
    else yield* classesIn(child);
  }
}

/** What is listed counts, not the rates that a tool says it comes to. */
function* factsOf(of: XmlElement): Generator<Fact> {
  const lines = below(of, 'lines', 'line');
  yield { kind: 'coverage', metric: 'lines', ...shareOf(lines.map(wasHit)) };
  for (const line of lines) {
    const [, covered, total] =
      /\((\d+)\/(\d+)\)/.exec(line.attributes['condition-coverage'] ?? '') ?? [];
    if (total === undefined) continue;
    const share = { covered: Number(covered), total: Number(total) };
    if (share.covered > share.total) throw moreThanAll(line);
    yield { kind: 'coverage', metric: 'branches', ...share };
  }
  const methods = below(of, 'methods', 'method').map(
    (method) => wasHit(method) || below(method, 'lines', 'line').some(wasHit),
  );
  yield { kind: 'coverage', metric: 'functions', ...shareOf(methods) };
}

function moreThanAll({ attributes }: XmlElement): OperationalError {
  const { number = '?', 'condition-coverage': told = '' } = attributes;
  const reason = `It is no coverage: line ${number} has reached more branches than it has, ${told}.`;
  return operationalError('report-invalid', reason);
}

function below({ children }: XmlElement, list: string, item: string): readonly XmlElement[] {
  return children
    .filter(({ name }) => name === list)
    .flatMap((found) => found.children.filter(({ name }) => name === item));
}

function wasHit({ attributes: { hits } }: XmlElement): boolean {
  return Number(hits) > 0;
}

function shareOf(hit: readonly boolean[]): { readonly covered: number; readonly total: number } {
  return { covered: hit.filter(Boolean).length, total: hit.length };
}
