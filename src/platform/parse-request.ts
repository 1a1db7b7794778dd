/** Turns what came over a control socket into a checked value, or says which field is wrong. */
import type { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';

/** Throws `request-invalid` with every wrong field by its path. */
export function parseRequest<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${pathText(issue.path) || 'body'}: ${issue.message}`,
  );
  throw operationalError('request-invalid', `The request is malformed: ${problems.join('; ')}.`);
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
