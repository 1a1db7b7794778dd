/** Holds a part of a document against what Grype writes, for all that is read of it here. */
import type { z } from 'zod';
import { parseReportPart } from '../../../platform/parse-report-part.ts';

/** Throws `report-invalid` with the first place that is not as it should be. */
export function parseGrype<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  return parseReportPart(schema, part, { what, format: 'report of Grype' });
}
