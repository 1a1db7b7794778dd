/** What Trivy lists of a target, as findings: vulnerabilities, misconfigurations, secrets and licences. */
import { z } from 'zod';
import type { Finding } from '../../../core/validation/fact.ts';
import { filePlace, namedPlace } from '../../../core/validation/found-place.ts';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import { parsePurl } from '../../../core/validation/purl.ts';
import { levelOfSeverity } from '../../../core/validation/severity.ts';
import { vulnerabilityNames } from '../../../core/validation/vulnerability-names.ts';
import { parseTrivy } from './outline.ts';

const figure = z.number().optional();

const vulnerabilitySchema = z.object({
  VulnerabilityID: z.string().min(1),
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string().min(1),
  /** Of language packages that are installed. */
  PkgPath: z.string().optional(),
  PkgIdentifier: z.object({ PURL: z.string().optional() }).nullish(),
  InstalledVersion: z.string().optional(),
  FixedVersion: z.string().optional(),
  Status: z.string().optional(),
  Severity: z.string(),
  Title: z.string().optional(),
  CVSS: z
    .record(z.string(), z.object({ V2Score: figure, V3Score: figure, V40Score: figure }))
    .nullish(),
});

export function vulnerabilityFinding(part: unknown, target: string): Finding {
  const found = parseTrivy(vulnerabilitySchema, part, 'A vulnerability');
  const { PkgName: name, PkgPath = target, InstalledVersion: version = '' } = found;
  const purl = parsePurl(found.PkgIdentifier?.PURL ?? '');
  const scores = Object.values(found.CVSS ?? {}).flatMap(({ V2Score, V3Score, V40Score }) =>
    [V40Score, V3Score, V2Score].filter((score) => score !== undefined),
  );
  return {
    ...vulnerabilityNames([found.VulnerabilityID, ...(found.VendorIDs ?? [])]),
    // The distributor's word. That it will not be fixed, or is by a newer version, is none.
    level: found.Status === 'not_affected' ? 'note' : levelOfSeverity(found.Severity, scores),
    message: [found.Title, remedyOf(found)].filter((text) => text).join('; '),
    component: { name, version, ecosystem: purl?.ecosystem ?? null },
    places: packagePlaces({ name, version }, [PkgPath]),
    isSuppressed: false,
  };
}

function remedyOf({
  FixedVersion,
  Status,
}: z.output<typeof vulnerabilitySchema>): string | undefined {
  return FixedVersion ? `fixed in ${FixedVersion}` : Status?.replaceAll('_', ' ');
}

const misconfigurationSchema = z.object({
  ID: z.string().min(1),
  AVDID: z.string().optional(),
  Title: z.string().optional(),
  Message: z.string().optional(),
  Severity: z.string(),
  Status: z.string(),
  CauseMetadata: z
    .object({ Resource: z.string().optional(), StartLine: z.int().optional() })
    .optional(),
});

/** Null of one that is met. */
export function misconfigurationFinding(part: unknown, target: string): Finding | null {
  const found = parseTrivy(misconfigurationSchema, part, 'A misconfiguration');
  if (found.Status === 'PASS') return null;
  const { Resource, StartLine } = found.CauseMetadata ?? {};
  return {
    ...vulnerabilityNames([found.ID, found.AVDID ?? '']),
    level: levelOfSeverity(found.Severity),
    message: found.Message ?? found.Title ?? '',
    places: [filePlace(target, ...[StartLine ?? Resource].filter((each) => each !== undefined))],
    isSuppressed: found.Status === 'EXCEPTION',
  };
}

const secretSchema = z.object({
  RuleID: z.string().min(1),
  Severity: z.string(),
  Title: z.string(),
  StartLine: z.int(),
});

/** Never with what it found: that is the secret. */
export function secretFinding(part: unknown, target: string): Finding {
  const { RuleID, Severity, Title, StartLine } = parseTrivy(secretSchema, part, 'A secret');
  return {
    ...{ rule: RuleID, level: levelOfSeverity(Severity), message: Title },
    ...{ places: [filePlace(target, StartLine)], isSuppressed: false },
  };
}

const licenceSchema = z.object({
  Name: z.string(),
  Severity: z.string(),
  Category: z.string().optional(),
  PkgName: z.string().optional(),
  FilePath: z.string().optional(),
});

export function licenceFinding(part: unknown, target: string): Finding {
  const found = parseTrivy(licenceSchema, part, 'A licence');
  const { Name, Severity, Category = '', PkgName = '', FilePath = '' } = found;
  return {
    ...{ rule: Name === '' ? 'unnamed' : Name, level: levelOfSeverity(Severity) },
    ...{
      message: Category,
      places: [PkgName === '' ? filePlace(FilePath || target) : namedPlace(PkgName)],
      isSuppressed: false,
    },
  };
}
