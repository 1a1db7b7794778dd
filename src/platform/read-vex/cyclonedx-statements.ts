/** What a document of CycloneDX states by the analyses of its vulnerabilities. */
import { z } from 'zod';
import { operationalError } from '../../core/operational-error.ts';
import { productDoubt } from '../../core/validation/product-doubt.ts';
import { packageOfPurl, type PackageName } from '../../core/validation/purl.ts';
import type { VexProduct, VexStatement } from '../../core/validation/vex.ts';
import {
  componentSchema,
  documentSchema,
  packageNameOf,
  parseCycloneDx,
  vulnerabilitySchema,
  type CycloneDxComponent,
  type CycloneDxDocument,
  type CycloneDxVulnerability,
} from '../cyclonedx.ts';

/** `own`: package URL of what is released here. Throws `report-invalid`. */
export function cyclonedxStatements(whole: unknown, own: string | null): readonly VexStatement[] {
  const document = parseCycloneDx(documentSchema, whole, 'It');
  const { metadata, components = [], vulnerabilities = [] } = document;
  const packages = new Map<string, PackageName>();
  const listed = components.flatMap((value) =>
    flat(parseCycloneDx(componentSchema, value, 'A component')),
  );
  for (const component of listed) {
    const reference = component['bom-ref'];
    if (reference !== undefined) packages.set(reference, packageNameOf(component));
  }
  const root = metadata?.component ? rootOf(metadata.component, own) : null;
  return vulnerabilities.flatMap((value) => {
    const vulnerability = parseCycloneDx(vulnerabilitySchema, value, 'A vulnerability');
    return statementOf(vulnerability, { packages, root, time: metadata?.timestamp });
  });
}

interface Document {
  readonly packages: ReadonlyMap<string, PackageName>;
  /** The product that all of it is about; null when it does not say. */
  readonly root: Root | null;
  readonly time: string | undefined;
}

interface Root {
  readonly reference: string | undefined;
  readonly package: PackageName;
  readonly doubt: VexProduct['doubt'];
}

type RootComponent = NonNullable<NonNullable<CycloneDxDocument['metadata']>['component']>;

function rootOf(component: RootComponent, own: string | null): Root {
  const { purl, name, 'bom-ref': reference } = component;
  const doubt = productDoubt(purl ?? name, own);
  return { reference, package: packageNameOf(component), doubt };
}

function flat(component: CycloneDxComponent): readonly CycloneDxComponent[] {
  return [component, ...(component.components ?? []).flatMap(flat)];
}

/** None of a vulnerability that nobody has analysed. */
function statementOf(
  { id, references = [], analysis, affects = [] }: CycloneDxVulnerability,
  document: Document,
): readonly VexStatement[] {
  if (analysis?.state === undefined) return [];
  const { state, justification, detail, lastUpdated, firstIssued } = analysis;
  const status = parseCycloneDx(statusSchema, state, 'The state of an analysis');
  if (id === undefined) throw operationalError('report-invalid', 'A vulnerability has no id.');
  const time = lastUpdated ?? firstIssued ?? document.time;
  return [
    {
      ...{ vulnerability: id, aliases: references.map((reference) => reference.id), status },
      products: affects.flatMap((affected) => productsOf(affected, status, document)),
      // That the scanner is wrong is a reason in itself.
      justification:
        justification ?? detail ?? (state === 'false_positive' ? 'false positive' : null),
      atMs: time === undefined ? null : parseCycloneDx(timeSchema, time, 'A time'),
    },
  ];
}

const timeSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const STATUS = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
} as const;

const statusSchema = z
  .enum(Object.keys(STATUS) as (keyof typeof STATUS)[])
  .transform((state) => STATUS[state]);

type Affected = NonNullable<CycloneDxVulnerability['affects']>[number];

/**
 * Parts of a document's own product are meant in that alone. Of the product itself all is meant that it is made of, and
 * the package of that name wherever it is.
 */
function productsOf(
  affected: Affected,
  status: VexStatement['status'],
  { packages, root }: Document,
): readonly VexProduct[] {
  const isRoot = root !== null && affected.ref === root.reference;
  const found = isRoot
    ? root.package
    : (packages.get(affected.ref) ?? packageOfReference(affected.ref));
  const meant = found === null ? [] : packagesOf(affected, status, found);
  if (!isRoot) return meant.map((each) => ({ package: each, doubt: root?.doubt ?? null }));
  return [
    ...meant.map((each) => ({ package: each, doubt: null })),
    ...((affected.versions ?? []).length > 0 ? [] : [{ package: null, doubt: root.doubt }]),
  ];
}

/**
 * What an analysis is about: the component with its version, whose advisory may list the versions that are affected, or
 * just the versions that are said to be unaffected. Ranges are not evaluated; one that may mean any version objects to
 * any, and excuses none.
 */
function packagesOf(
  { versions = [] }: Affected,
  status: VexStatement['status'],
  found: PackageName,
): readonly PackageName[] {
  if (versions.length === 0) return [found];
  if (status !== 'not_affected' && status !== 'fixed') return [{ ...found, version: null }];
  const unaffected = versions.filter((each) => each.status === 'unaffected');
  if (unaffected.length === 0) return found.version === null ? [] : [found];
  return unaffected.flatMap(({ version }) =>
    version === undefined ? [] : [{ ...found, version }],
  );
}

/** Of another document by BOM-Link, `urn:cdx:<serial number>/<version>#<reference>`; many tools refer by package URL. */
function packageOfReference(reference: string): PackageName | null {
  const [, inOther] = /^urn:cdx:[^#]*#(.*)$/s.exec(reference) ?? [];
  return packageOfPurl(inOther ?? reference);
}
