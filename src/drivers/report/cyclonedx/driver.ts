/** Report `cyclonedx`: what a release is made of, and what is known to be wrong with that, in CycloneDX. */
import { invariant } from '../../../core/invariant.ts';
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { scannedComponentsAsked } from '../../../core/validation/asked/components-asked.ts';
import {
  COMPONENTS,
  DEPENDENCIES,
  VULNERABILITIES,
  componentSchema,
  documentSchema,
  parseCycloneDx,
  vulnerabilitySchema,
  type CycloneDxComponent,
  type CycloneDxDocument,
  type CycloneDxVulnerability,
} from '../../../platform/cyclonedx.ts';
import { jsonElements, type JsonPart, type JsonPath } from '../../../platform/json-elements.ts';
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

/** Lists that may be long; how components depend on each other is asked by nobody. */
const LISTS = [COMPONENTS, VULNERABILITIES, DEPENDENCIES];

/**
 * Up to three times, in the memory of the components that have vulnerabilities: which these are may stand behind them, and
 * they behind what they have.
 */
async function* readCycloneDx(source: ReportSource): AsyncGenerator<Fact> {
  const { document, affected, vulnerabilities } = await outlineOf(source);
  const targets = new Map<string, Target>();
  let components = 0;
  for await (const component of componentsIn(source)) {
    const reference = component['bom-ref'];
    if (reference !== undefined && affected.has(reference)) {
      targets.set(reference, targetOf(component));
    }
    const fact = componentFact(component);
    if (fact === null) continue;
    components += 1;
    yield fact;
  }
  yield* factsOf(document, { components, vulnerabilities });
  if (vulnerabilities === 0) return;
  for await (const part of jsonElements(source.chunks(), LISTS)) {
    if (isIn(part, VULNERABILITIES)) yield* findingsOf(vulnerabilityIn(part), targets);
  }
}

interface Outline {
  readonly document: CycloneDxDocument;
  /** References of what has vulnerabilities. */
  readonly affected: ReadonlySet<string>;
  readonly vulnerabilities: number;
}

/** So many components with vulnerabilities no honest document has; each is remembered. */
const AFFECTED_MAX = 1_000_000;

export async function outlineOf(
  source: ReportSource,
  affectedMax: number = AFFECTED_MAX,
): Promise<Outline> {
  const affected = new Set<string>();
  let document: CycloneDxDocument | null = null;
  let vulnerabilities = 0;
  for await (const part of jsonElements(jsonOnly(source.chunks()), LISTS)) {
    if (part.kind === 'rest') document = parseCycloneDx(documentSchema, part.read(), 'It');
    else if (isIn(part, VULNERABILITIES)) {
      vulnerabilities += 1;
      for (const { ref } of vulnerabilityIn(part).affects ?? []) affected.add(ref);
      if (affected.size > affectedMax) throw tooMany(affectedMax);
    }
  }
  invariant(document, 'the rest of a document comes last');
  return { document, affected, vulnerabilities };
}

function tooMany(affectedMax: number): OperationalError {
  const reason = `Its vulnerabilities are of more than ${affectedMax} components.`;
  return operationalError('report-invalid', reason);
}

async function* componentsIn(source: ReportSource): AsyncGenerator<CycloneDxComponent> {
  for await (const part of jsonElements(source.chunks(), LISTS)) {
    if (!isIn(part, COMPONENTS)) continue;
    yield* flat(parseCycloneDx(componentSchema, part.read(), 'A component'));
  }
}

function isIn(part: JsonPart, [list]: JsonPath): boolean {
  return part.kind === 'element' && part.place[0] === list;
}

function vulnerabilityIn(part: JsonPart): CycloneDxVulnerability {
  return parseCycloneDx(vulnerabilitySchema, part.read(), 'A vulnerability');
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
