/** Holds a part of a report against what its format says of it. */
import type { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';

/** Throws `report-invalid` with the first place that is not as it should be. */
export function parseReportPart<Value>(
  schema: z.ZodType<Value>,
  part: unknown,
  { what, format }: { readonly what: string; readonly format: string },
): Value {
  const { data, error } = schema.safeParse(part);
  if (!error) return data;
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  throw operationalError(
    'report-invalid',
    `${what} is no ${format}${place === '' ? '' : `, at ${place}`}: ${issue?.message ?? 'unknown'}.`,
  );
}
