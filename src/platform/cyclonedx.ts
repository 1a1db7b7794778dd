/** What lists of components and statements about vulnerabilities share, when both are CycloneDX in JSON. */
import { z } from 'zod';
import { parsePurl, type PackageName } from '../core/validation/purl.ts';
import { parseReportPart } from './parse-report-part.ts';

export const COMPONENTS = ['components'];
export const VULNERABILITIES = ['vulnerabilities'];
export const DEPENDENCIES = ['dependencies'];

const named = z.object({
  'bom-ref': z.string().optional(),
  type: z.string(),
  group: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
  purl: z.string().optional(),
});

const licenceSchema = z
  .object({
    expression: z.string().optional(),
    license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
  })
  .transform(({ expression, license }) => expression ?? license?.id ?? license?.name)
  .pipe(z.string({ error: 'a licence has no expression, id or name' }));

export const componentSchema = named.extend({
  licenses: z.array(licenceSchema).optional(),
  evidence: z
    .object({ occurrences: z.array(z.object({ location: z.string() })).optional() })
    .optional(),
  properties: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
  get components() {
    return z.array(componentSchema).optional();
  },
});

export type CycloneDxComponent = z.output<typeof componentSchema>;

const toolSchema = z.object({
  vendor: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
});

export const documentSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.enum(['1.4', '1.5', '1.6', '1.7']),
  metadata: z
    .object({
      timestamp: z.string().optional(),
      component: named.optional(),
      tools: z
        .union([
          z.array(toolSchema),
          z
            .object({ components: z.array(toolSchema).optional() })
            .transform(({ components }) => components ?? []),
        ])
        .optional(),
    })
    .optional(),
  components: z.array(z.unknown()).optional(),
  vulnerabilities: z.array(z.unknown()).optional(),
  compositions: z.array(z.object({ aggregate: z.string() })).optional(),
});

export type CycloneDxDocument = z.output<typeof documentSchema>;

export const vulnerabilitySchema = z.object({
  id: z.string().optional(),
  references: z.array(z.object({ id: z.string() })).optional(),
  ratings: z
    .array(
      z.object({
        severity: z.string().optional(),
        score: z.number().optional(),
        method: z.string().optional(),
      }),
    )
    .optional(),
  description: z.string().optional(),
  analysis: z
    .object({
      state: z.string().optional(),
      justification: z.string().optional(),
      detail: z.string().optional(),
      firstIssued: z.string().optional(),
      lastUpdated: z.string().optional(),
    })
    .optional(),
  affects: z
    .array(
      z.object({
        ref: z.string(),
        versions: z
          .array(
            z.object({
              version: z.string().optional(),
              range: z.string().optional(),
              status: z.enum(['affected', 'unaffected', 'unknown']).prefault('affected'),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});

export type CycloneDxVulnerability = z.output<typeof vulnerabilitySchema>;

/** By the package URL where there is one: it is the same whichever tool wrote it. */
export function packageNameOf({ group, name, version, purl }: z.output<typeof named>): PackageName {
  const found = purl === undefined ? null : parsePurl(purl);
  if (found) {
    const { name: ofPurl, ecosystem } = found;
    return { name: ofPurl, version: found.version ?? version ?? null, ecosystem };
  }
  return { name: group ? `${group}/${name}` : name, version: version ?? null, ecosystem: null };
}

/** Throws `report-invalid` with the first place that is not as it should be. */
export function parseCycloneDx<Value>(
  schema: z.ZodType<Value>,
  part: unknown,
  what: string,
): Value {
  return parseReportPart(schema, part, { what, format: 'CycloneDX 1.4 to 1.7' });
}
