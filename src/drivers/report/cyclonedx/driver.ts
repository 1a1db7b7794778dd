/** Report `cyclonedx`: what a release is made of, and what is known to be wrong with that, in CycloneDX. */
import { invariant } from '../../../core/invariant.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { scannedComponentsAsked } from '../../../core/validation/asked/components-asked.ts';
import {
  COMPONENTS,
  VULNERABILITIES,
  componentSchema,
  documentSchema,
  parseCycloneDx,
  vulnerabilitySchema,
  type CycloneDxComponent,
  type CycloneDxDocument,
} from '../../../platform/cyclonedx.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { componentFact } from './component-fact.ts';
import { jsonOnly } from './json-only.ts';
import { findingsOf, targetOf, type Target } from './findings-of.ts';

export const cyclonedxReport = reportDriver({
  id: 'cyclonedx',
  summary: 'Components and their vulnerabilities in CycloneDX 1.4 to 1.7, as JSON.',
  asks: scannedComponentsAsked,
  read: readCycloneDx,
});

/** Twice: what has a vulnerability may be listed behind it. */
async function* readCycloneDx(source: ReportSource): AsyncGenerator<Fact> {
  const targets = new Map<string, Target>();
  const found = { components: 0, vulnerabilities: 0 };
  let document: CycloneDxDocument | null = null;
  for await (const part of jsonElements(jsonOnly(source.chunks()), [COMPONENTS, VULNERABILITIES])) {
    if (part.kind === 'rest') document = parseCycloneDx(documentSchema, part.read(), 'It');
    else if (part.place[0] === 'vulnerabilities') found.vulnerabilities += 1;
    else {
      for (const component of flat(parseCycloneDx(componentSchema, part.read(), 'A component'))) {
        if (component['bom-ref'] !== undefined) {
          targets.set(component['bom-ref'], targetOf(component));
        }
        const fact = componentFact(component);
        if (fact === null) continue;
        found.components += 1;
        yield fact;
      }
    }
  }
  invariant(document, 'the rest of a document comes last');
  yield* factsOf(document, found);
  for await (const part of jsonElements(source.chunks(), [COMPONENTS, VULNERABILITIES])) {
    if (part.kind !== 'element' || part.place[0] !== 'vulnerabilities') continue;
    yield* findingsOf(parseCycloneDx(vulnerabilitySchema, part.read(), 'A vulnerability'), targets);
  }
}

function* flat(component: CycloneDxComponent): Generator<CycloneDxComponent> {
  yield component;
  for (const part of component.components ?? []) yield* flat(part);
}

function* factsOf(
  { metadata, compositions = [] }: CycloneDxDocument,
  found: { readonly components: number; readonly vulnerabilities: number },
): Generator<Fact> {
  const [tool] = metadata?.tools ?? [];
  if (tool?.name !== undefined) {
    const name = tool.vendor === undefined ? tool.name : `${tool.vendor} ${tool.name}`;
    yield { kind: 'tool', name, version: tool.version ?? null };
  }
  // An empty list shows nothing: Trivy writes one when it has not looked for any.
  if (found.vulnerabilities > 0) {
    yield { kind: 'covered', unit: 'package', count: found.components };
  }
  if (compositions.some(({ aggregate }) => aggregate.startsWith('incomplete'))) {
    yield { kind: 'incomplete', message: 'The list says itself that it is incomplete' };
  }
}
