/** What osv-scanner says of a package, as findings: its vulnerabilities, its licences, and whether it is kept. */
import { z } from 'zod';
import type { Finding } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { levelOfSeverity } from '../../../core/validation/severity.ts';
import { vulnerabilityNames } from '../../../core/validation/vulnerability-names.ts';
import { ecosystemOf } from './ecosystem-of.ts';
import type { OsvGroup, OsvPackage } from './outline.ts';

export const recordSchema = z.object({
  id: z.string().min(1),
  summary: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  /** The word of the GitHub advisory database. */
  database_specific: z.looseObject({ severity: z.unknown().optional() }).nullish(),
});

export type OsvRecord = z.output<typeof recordSchema>;

export function vulnerabilityFinding(
  record: OsvRecord,
  { ids, aliases, max_severity: score }: OsvGroup,
  { package: found }: OsvPackage,
  path: string,
): Finding {
  return {
    ...vulnerabilityNames([...ids, ...(aliases ?? record.aliases ?? [])]),
    // The figure is of all records of the group, the word of this one.
    level: levelOfSeverity(Number(score) > 0 ? undefined : wordOf(record), [Number(score) || 0]),
    message: record.summary ?? '',
    component: {
      ...{ name: found.name, version: versionOf(found) },
      ecosystem: ecosystemOf(found.ecosystem ?? ''),
    },
    places: placesOf(found, path),
    isSuppressed: false,
  };
}

function wordOf({ database_specific: database }: OsvRecord): string | undefined {
  return typeof database?.severity === 'string' ? database.severity : undefined;
}

export function otherFindings(
  { package: found, license_violations: licences }: OsvPackage,
  path: string,
): readonly Finding[] {
  const places = placesOf(found, path);
  const refused = (licences ?? []).map((licence): Finding => {
    const message = 'This licence is none of those that are allowed.';
    return { rule: licence, level: 'high', message, places, isSuppressed: false };
  });
  if (found.deprecated !== true) return refused;
  const message = 'Those who made it have given it up.';
  return [...refused, { rule: 'deprecated', level: 'low', message, places, isSuppressed: false }];
}

function placesOf(found: OsvPackage['package'], path: string): readonly FoundPlace[] {
  return packagePlaces({ name: found.name, version: versionOf(found) }, [path]);
}

/** What is no release has none. */
function versionOf({ version, commit = '' }: OsvPackage['package']): string {
  return version === '' ? commit : version;
}
