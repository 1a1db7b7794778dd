/** All of a report of Trivy but what it lists of each target. */
import { z } from 'zod';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import type { ReportSource } from '../../contract.ts';

/** What a result lists, which is no part of the outline. */
export const LISTS = [
  'Packages',
  'Vulnerabilities',
  'Misconfigurations',
  'Secrets',
  'Licenses',
  'ExperimentalModifiedFindings',
] as const;

export type TrivyList = (typeof LISTS)[number];

export const LIST_PATHS = LISTS.map((list) => ['Results', '*', list]);

const list = z.array(z.unknown()).nullish();

const resultSchema = z.object({
  /** A lock file, an image, a folder. */
  Target: z.string(),
  MisconfSummary: z.object({ Failures: z.int().min(0) }).nullish(),
  ...({ Packages: list, Vulnerabilities: list, Misconfigurations: list } as const),
  ...({ Secrets: list, Licenses: list, ExperimentalModifiedFindings: list } as const),
});

const documentSchema = z.object({
  SchemaVersion: z.literal(2, { error: 'is not version 2' }),
  Trivy: z.object({ Version: z.string().optional() }).optional(),
  /** Missing when there is nothing to say of anything. */
  Results: z.array(resultSchema).nullish(),
});

export type TrivyOutline = z.output<typeof documentSchema>;

/** Throws `report-invalid` for what is no whole document of the format. */
export async function outlineOf(source: ReportSource): Promise<TrivyOutline> {
  let document: unknown = null;
  for await (const part of jsonElements(source.chunks(), LIST_PATHS)) {
    if (part.kind === 'rest') document = part.read();
  }
  return parseTrivy(documentSchema, document, 'It');
}

export function parseTrivy<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  return parseReportPart(schema, part, { what, format: 'report of Trivy' });
}
