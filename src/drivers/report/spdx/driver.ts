/** Report `spdx`: what a release is made of, in SPDX 2.3. */
import { invariant } from '../../../core/invariant.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { componentsAsked } from '../../../core/validation/asked/components-asked.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import {
  documentSchema,
  packageSchema,
  parseSpdx,
  relationshipSchema,
  type SpdxDocument,
  type SpdxPackage,
} from './parse-spdx.ts';

export const spdxReport = reportDriver({
  id: 'spdx',
  summary: 'Components in SPDX 2.3, as JSON.',
  asks: componentsAsked,
  read: readSpdx,
});

const PACKAGES = ['packages'];
const RELATIONSHIPS = ['relationships'];
/** May be many, and are not read. */
const FILES = ['files'];

/** Twice: which package is the release itself may be said behind the packages. */
async function* readSpdx(source: ReportSource): AsyncGenerator<Fact> {
  const described = new Set<string>();
  let document: SpdxDocument | null = null;
  const paths = [PACKAGES, RELATIONSHIPS, FILES];
  for await (const part of jsonElements(source.chunks(), paths)) {
    if (part.kind === 'rest') document = parseSpdx(documentSchema, part.read(), 'It');
    else if (part.place[0] === 'relationships') {
      const id = describedBy(parseSpdx(relationshipSchema, part.read(), 'A relationship'));
      if (id !== null) described.add(id);
    }
  }
  invariant(document, 'the rest of a document comes last');
  for (const id of document.documentDescribes ?? []) described.add(id);
  yield toolOf(document);
  for await (const part of jsonElements(source.chunks(), paths)) {
    if (part.kind !== 'element' || part.place[0] !== 'packages') continue;
    const found = parseSpdx(packageSchema, part.read(), 'A package');
    // One package that the document is about is the release; several are what it is made of.
    const isRelease = described.size === 1 && described.has(found.SPDXID);
    if (!isRelease && !isHolder(found)) yield componentOf(found);
  }
}

function describedBy({
  spdxElementId,
  relationshipType,
  relatedSpdxElement,
}: {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
}): string | null {
  if (spdxElementId === DOCUMENT && relationshipType === 'DESCRIBES') return relatedSpdxElement;
  const isInverse = relatedSpdxElement === DOCUMENT && relationshipType === 'DESCRIBED_BY';
  return isInverse ? spdxElementId : null;
}

const DOCUMENT = 'SPDXRef-DOCUMENT';

/** How scanners note the file or the system in which they found others. */
function isHolder(found: SpdxPackage): boolean {
  const { primaryPackagePurpose: purpose, versionInfo, externalRefs = [] } = found;
  if (purpose === 'FILE' || purpose === 'OPERATING-SYSTEM' || purpose === 'OPERATING_SYSTEM') {
    return true;
  }
  const isNamed = versionInfo !== undefined || externalRefs.length > 0;
  return purpose === 'APPLICATION' && !isNamed && licencesOf(found).length === 0;
}

function componentOf(found: SpdxPackage): Fact {
  const version = found.versionInfo ?? null;
  return { kind: 'component', name: found.name, version, licences: licencesOf(found) };
}

/** What was concluded comes before what was declared. */
function licencesOf({ licenseConcluded, licenseDeclared }: SpdxPackage): readonly string[] {
  const licence = [licenseConcluded, licenseDeclared].find(
    (text) => text !== undefined && text !== 'NOASSERTION',
  );
  return licence === undefined ? [] : [licence];
}

/** `Tool: npm/cli-11.19.1`; what follows the last hyphen is the version. */
function toolOf({ creationInfo: { creators } }: SpdxDocument): Fact {
  const [tool] = creators.flatMap((creator) => /^Tool: (.+)$/.exec(creator)?.[1] ?? []);
  const [, name, version] = /^(.+)-([^-]+)$/.exec(tool ?? '') ?? [];
  return {
    ...{ kind: 'tool', name: name ?? tool ?? 'unnamed' },
    version: version !== undefined && /^v?\d/.test(version) ? version : null,
  };
}
