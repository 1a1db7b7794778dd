/** One vulnerability of CycloneDX as findings, one for each component that has it. */
import type { Fact, Finding } from '../../../core/validation/fact.ts';
import { namedPlace, type FoundPlace } from '../../../core/validation/found-place.ts';
import { worstLevel, type Level } from '../../../core/validation/level.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { levelOfScore } from '../../../core/validation/severity.ts';
import {
  packageNameOf,
  type CycloneDxComponent,
  type CycloneDxVulnerability,
} from '../../../platform/cyclonedx.ts';

/** What may have a vulnerability. */
export interface Target {
  readonly component: NonNullable<Finding['component']>;
  readonly places: readonly FoundPlace[];
}

/** With the files in which it was found: a planted one must not hide another. */
export function targetOf(component: CycloneDxComponent): Target {
  const { name, version, ecosystem } = packageNameOf(component);
  return {
    component: { name, version: version ?? '', ...(ecosystem !== null && { ecosystem }) },
    places: packagePlaces({ name, version }, locationsOf(component)),
  };
}

function locationsOf({ evidence, properties = [] }: CycloneDxComponent): readonly string[] {
  return [
    ...(evidence?.occurrences ?? []).map(({ location }) => location),
    ...properties.flatMap(({ name, value }) => (LOCATION.test(name) ? (value ?? []) : [])),
  ];
}

/** Of Syft and Grype, Trivy, cdxgen. */
const LOCATION = /^(?:syft:location:\d+:path|aquasecurity:trivy:FilePath|SrcFile)$/;

export function* findingsOf(
  vulnerability: CycloneDxVulnerability,
  targets: ReadonlyMap<string, Target>,
): Generator<Fact> {
  const { id, references = [], description = '', analysis, affects = [] } = vulnerability;
  const aliases = references.map((reference) => reference.id).filter((alias) => alias !== id);
  const finding: Finding = {
    rule: id ?? aliases[0] ?? 'unnamed',
    ...(aliases.length > 0 && { aliases }),
    level: levelOf(vulnerability),
    message: description.split('\n')[0] ?? '',
    places: [],
    isSuppressed: SETTLED.has(analysis?.state ?? ''),
  };
  if (affects.length === 0) yield { kind: 'finding', ...finding };
  for (const { ref, versions = [] } of affects) {
    const isUnaffected =
      versions.length > 0 && versions.every(({ status }) => status === 'unaffected');
    yield {
      kind: 'finding',
      ...finding,
      // Of a component that is not listed its reference is all that is known.
      ...(targets.get(ref) ?? { places: [namedPlace(ref)] }),
      isSuppressed: finding.isSuppressed || isUnaffected,
    };
  }
}

const SETTLED: ReadonlySet<string> = new Set([
  'resolved',
  'resolved_with_pedigree',
  'false_positive',
  'not_affected',
]);

/** The worst that anybody says; high, when nobody does. */
function levelOf({ ratings = [] }: CycloneDxVulnerability): Level {
  return worstLevel(ratings.map(ratedLevel).filter((level) => level !== null)) ?? 'high';
}

type Rating = NonNullable<CycloneDxVulnerability['ratings']>[number];

/** The worse of a word and of a figure; null where neither is said. */
function ratedLevel({ severity, score, method }: Rating): Level | null {
  const said: Level[] = [];
  const word = severity?.toLowerCase();
  // Other methods have other scales: the probability of an attack is one.
  if (score !== undefined && method?.startsWith('CVSS')) {
    said.push(score > 0 ? levelOfScore(score) : 'note');
  }
  if (word === 'unknown' && said.length > 0) return worstLevel(said);
  if (word !== undefined) said.push(levelOfWord(word));
  return worstLevel(said);
}

const levelOfWord = levelsByWord({
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  info: 'note',
  none: 'note',
});
