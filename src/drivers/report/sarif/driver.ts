/** Report `sarif`: what linters and scanners found, in SARIF 2.1.0, of any length. */
import type { Fact } from '../../../core/validation/fact.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { outlineOf, LISTS, type RunOutline } from './outline.ts';
import { findingOf } from './finding-of.ts';

export const sarifReport = reportDriver({
  id: 'sarif',
  summary: 'Findings of linters and scanners in SARIF 2.1.0.',
  asks: findingsAsked('file'),
  read: readSarif,
});

/** Twice: how bad a result is may be said by its rule, which some tools write behind the results. */
async function* readSarif(source: ReportSource): AsyncGenerator<Fact> {
  const runs = await outlineOf(source);
  for (const run of runs) yield* factsOf(run);
  for await (const part of jsonElements(source.chunks(), LISTS)) {
    const isResult = part.kind === 'element' && part.place[2] === 'results';
    const run = isResult ? runs[Number(part.place[1])] : undefined;
    const finding = run && findingOf(part.read(), run);
    if (finding) yield { kind: 'finding', ...finding };
  }
}

function* factsOf({ tool, artifacts, failures }: RunOutline): Generator<Fact> {
  yield { kind: 'tool', ...tool };
  // Null where the tool does not list them; of those that do some list all that they read.
  if (artifacts !== null) yield { kind: 'covered', unit: 'file', count: artifacts.count };
  for (const message of failures) yield { kind: 'incomplete', message };
}
