/** What Grype lists, as findings: which vulnerability of which package, and of what nobody looks after any more. */
import { z } from 'zod';
import type { Finding } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { parsePurl } from '../../../core/validation/purl.ts';
import { levelOfSeverity } from '../../../core/validation/severity.ts';
import { vulnerabilityNames } from '../../../core/validation/vulnerability-names.ts';
import { parseGrype } from './parse-grype.ts';

const figureSchema = z.object({ metrics: z.object({ baseScore: z.number().optional() }) });

const vulnerabilitySchema = z.object({
  id: z.string().min(1),
  severity: z.string().optional(),
  description: z.string().optional(),
  cvss: z.array(figureSchema).nullish(),
});

const artifactSchema = z.object({
  name: z.string().min(1),
  version: z.string(),
  /** Empty of what has none. */
  purl: z.string().optional(),
  locations: z.array(z.object({ path: z.string() })).nullish(),
});

type Artifact = z.output<typeof artifactSchema>;

const matchSchema = z.object({
  vulnerability: vulnerabilitySchema.extend({
    fix: z
      .object({ versions: z.array(z.string()).nullish(), state: z.string().optional() })
      .optional(),
  }),
  relatedVulnerabilities: z.array(vulnerabilitySchema).nullish(),
  artifact: artifactSchema,
});

type Match = z.output<typeof matchSchema>;

/** `isSuppressed`: by a rule of Grype, or VEX that it was given. */
export function findingOf(part: unknown, isSuppressed: boolean): Finding {
  const match = parseGrype(matchSchema, part, 'A match');
  const { vulnerability, artifact } = match;
  const related = match.relatedVulnerabilities ?? [];
  return {
    ...vulnerabilityNames([vulnerability.id, ...related.map(({ id }) => id)]),
    level: levelOfSeverity(vulnerability.severity, scoresOf([vulnerability, ...related])),
    message: [vulnerability.description, remedyOf(match)].filter((text) => text).join('; '),
    component: componentOf(artifact),
    places: placesOf(artifact),
    isSuppressed,
  };
}

/** By its package URL where it has one, which knows groups of Maven; its version there lacks an epoch. */
function componentOf({
  name,
  version,
  purl: text = '',
}: Artifact): NonNullable<Finding['component']> {
  const purl = parsePurl(text);
  return { name: purl?.name ?? name, version, ecosystem: purl?.ecosystem ?? null };
}

function scoresOf(all: readonly z.output<typeof vulnerabilitySchema>[]): readonly number[] {
  return all.flatMap(({ cvss }) => (cvss ?? []).map(({ metrics }) => metrics.baseScore ?? 0));
}

function remedyOf({ vulnerability: { fix } }: Match): string | undefined {
  const versions = fix?.versions ?? [];
  return versions.length > 0 ? `fixed in ${versions.join(', ')}` : fix?.state;
}

const alertsSchema = z.object({
  package: artifactSchema,
  alerts: z.array(z.object({ type: z.string(), message: z.string().optional() })),
});

/** A distribution at its end gets no advisories any more: what is not found in it says less. */
export function alertsOf(part: unknown): readonly Finding[] {
  const { package: artifact, alerts } = parseGrype(alertsSchema, part, 'An alert');
  const places = placesOf(artifact);
  return alerts.map(({ type, message = '' }) => ({
    ...{ rule: type, level: 'low', message, places, isSuppressed: false },
  }));
}

function placesOf({ name, version, locations }: Artifact): readonly FoundPlace[] {
  const files = (locations ?? []).map(({ path }) => path);
  return packagePlaces({ name, version }, files);
}
