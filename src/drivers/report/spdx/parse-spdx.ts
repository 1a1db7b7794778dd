/** What is read of SPDX 2.3, and how it is held against that. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';

export const documentSchema = z.object({
  spdxVersion: z.enum(['SPDX-2.2', 'SPDX-2.3']),
  SPDXID: z.literal('SPDXRef-DOCUMENT'),
  creationInfo: z.object({ creators: z.array(z.string()) }),
  documentDescribes: z.array(z.string()).optional(),
  packages: z.array(z.unknown(), { error: 'there is no list of packages in it' }),
});

export type SpdxDocument = z.output<typeof documentSchema>;

export const packageSchema = z.object({
  SPDXID: z.string(),
  name: z.string(),
  versionInfo: z.string().optional(),
  licenseConcluded: z.string().optional(),
  licenseDeclared: z.string().optional(),
  primaryPackagePurpose: z.string().optional(),
  externalRefs: z.array(z.unknown()).optional(),
});

export type SpdxPackage = z.output<typeof packageSchema>;

export const relationshipSchema = z.object({
  spdxElementId: z.string(),
  relationshipType: z.string(),
  relatedSpdxElement: z.string(),
});

/** Throws `report-invalid` with the first place that is not as it should be. */
export function parseSpdx<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  const { data, error } = schema.safeParse(part);
  if (!error) return data;
  const isThree = typeof part === 'object' && part !== null && '@graph' in part;
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  throw operationalError(
    'report-invalid',
    isThree
      ? 'It is SPDX 3; have the tool write SPDX 2.3.'
      : `${what} is no SPDX 2.3${place === '' ? '' : `, at ${place}`}: ${issue?.message ?? 'unknown'}.`,
  );
}
