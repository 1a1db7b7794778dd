/** Reads a JSON document whole and holds it against a schema. */
import type { z } from 'zod';
import { jsonElements } from './json-elements.ts';
import { parseReportPart } from './parse-report-part.ts';

/** `format`: what it should be, for messages. Throws `report-invalid` with the first place that is not as it should be. */
export async function readJson<Value>(
  chunks: AsyncIterable<Buffer>,
  schema: z.ZodType<Value>,
  format: string,
): Promise<Value> {
  let document: unknown;
  for await (const part of jsonElements(chunks, [])) document = part.read();
  return parseReportPart(schema, document, { what: 'It', format });
}
