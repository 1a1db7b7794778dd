/** Holds a part of a document against what SARIF 2.1.0 says of it, for all that is read of it here. */
import type { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';

/** Throws `report-invalid` with the first place that is not as it should be. */
export function parseSarif<Value>(schema: z.ZodType<Value>, part: unknown, what: string): Value {
  const { data, error } = schema.safeParse(part);
  if (!error) return data;
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  throw operationalError(
    'report-invalid',
    `${what} is no SARIF 2.1.0${place === '' ? '' : `, at ${place}`}: ${issue?.message ?? 'unknown'}.`,
  );
}
