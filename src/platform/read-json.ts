/** Reads a JSON document whole and holds it against a schema. */
import type { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';
import { jsonElements } from './json-elements.ts';

/** `format`: what it should be, for messages. Throws `report-invalid` with the first place that is not as it should be. */
export async function readJson<Value>(
  chunks: AsyncIterable<Buffer>,
  schema: z.ZodType<Value>,
  format: string,
): Promise<Value> {
  let document: unknown;
  for await (const part of jsonElements(chunks, [])) document = part.read();
  const { data, error } = schema.safeParse(document);
  if (!error) return data;
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  throw operationalError(
    'report-invalid',
    `It is no ${format}${place === '' ? '' : `, at ${place}`}: ${issue?.message ?? 'unknown'}.`,
  );
}
