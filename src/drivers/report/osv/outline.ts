/** All of a report of osv-scanner but the records of vulnerabilities: which packages, and what is said of each. */
import { z } from 'zod';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import type { ReportSource } from '../../contract.ts';

/** Where the records are, which are no part of the outline. */
export const RECORDS = ['results', '*', 'packages', '*', 'vulnerabilities'];

const groupSchema = z.object({
  /** Of the records that are of one vulnerability. */
  ids: z.array(z.string()).min(1),
  /** Missing in reports of version 1. */
  aliases: z.array(z.string()).nullish(),
  /** A figure of CVSS; empty when there is none. */
  max_severity: z.string().optional(),
});

export type OsvGroup = z.output<typeof groupSchema>;

const packageSchema = z.object({
  package: z.object({
    name: z.string(),
    version: z.string(),
    /** With its release behind a colon; empty of what is of none. */
    ecosystem: z.string().optional(),
    commit: z.string().optional(),
    deprecated: z.boolean().optional(),
  }),
  vulnerabilities: z.array(z.unknown()).nullish(),
  groups: z.array(groupSchema).nullish(),
  license_violations: z.array(z.string()).nullish(),
});

export type OsvPackage = z.output<typeof packageSchema>;

const documentSchema = z.object({
  results: z.array(
    z.object({ source: z.object({ path: z.string() }), packages: z.array(packageSchema) }),
  ),
  experimental_generic_findings: z
    .array(z.looseObject({ Adv: z.looseObject({ Title: z.string() }) }))
    .nullish(),
});

export type OsvOutline = z.output<typeof documentSchema>;

/** Throws `report-invalid` for what is no whole document of the format. */
export async function outlineOf(source: ReportSource): Promise<OsvOutline> {
  let document: unknown = null;
  for await (const part of jsonElements(source.chunks(), [RECORDS])) {
    if (part.kind === 'rest') document = part.read();
  }
  return parseOsv(documentSchema, document, 'It');
}

export function parseOsv<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  return parseReportPart(schema, part, { what, format: 'report of osv-scanner' });
}
