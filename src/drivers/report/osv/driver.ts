/** Report `osv`: vulnerabilities of packages, as osv-scanner writes them with `--format json`, of any length. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { otherFindings, recordSchema, vulnerabilityFinding } from './finding-of.ts';
import { outlineOf, parseOsv, RECORDS, type OsvGroup, type OsvOutline } from './outline.ts';

export const osvReport = reportDriver({
  id: 'osv',
  summary: 'Vulnerabilities found by osv-scanner.',
  asks: findingsAsked('package'),
  read: readOsv,
});

/** Twice: what belongs together, and how bad it is, may stand behind the records. */
async function* readOsv(source: ReportSource): AsyncGenerator<Fact> {
  const outline = await outlineOf(source);
  yield* factsOf(outline);
  const seen = new Set<OsvGroup>();
  for await (const part of jsonElements(source.chunks(), [RECORDS])) {
    if (part.kind === 'rest') continue;
    const record = parseOsv(recordSchema, part.read(), 'A vulnerability');
    const [, result, , at] = part.place;
    const { source: from, packages } = outline.results[Number(result)] ?? {};
    const found = packages?.[Number(at)];
    const group = found?.groups?.find(({ ids }) => ids.includes(record.id));
    if (!from || !found || !group) throw contradiction(`${record.id} is in no group`);
    // Records of one group are one vulnerability.
    if (seen.has(group)) continue;
    seen.add(group);
    yield { kind: 'finding', ...vulnerabilityFinding(record, group, found, from.path) };
  }
  const lost = groupsOf(outline).find((group) => !seen.has(group));
  if (lost) throw contradiction(`there is no record of ${lost.ids.join(', ')}`);
}

function* factsOf({ results, ...outline }: OsvOutline): Generator<Fact> {
  yield { kind: 'tool', name: 'osv-scanner', version: null };
  const count = results.reduce((sum, { packages }) => sum + packages.length, 0);
  // Without --all-packages it lists none but those with findings: then nothing says that it looked at any.
  if (count > 0) yield { kind: 'covered', unit: 'package', count };
  for (const { source, packages } of results) {
    for (const found of packages) {
      for (const finding of otherFindings(found, source.path))
        yield { kind: 'finding', ...finding };
    }
  }
  for (const { Adv } of outline.experimental_generic_findings ?? []) {
    const finding = { rule: Adv.Title, level: 'high', message: Adv.Title } as const;
    yield { kind: 'finding', ...finding, places: [], isSuppressed: false };
  }
}

function groupsOf({ results }: OsvOutline): readonly OsvGroup[] {
  return results.flatMap(({ packages }) => packages.flatMap(({ groups }) => groups ?? []));
}

function contradiction(what: string): OperationalError {
  return operationalError('report-invalid', `It is no report of osv-scanner: ${what}.`);
}
