/** A table of migrations as a configuration names it. */
import { z } from 'zod';

/** An identifier that needs no quotes, with or without a schema. */
const TABLE = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/;

export function tableNamed(usual: string) {
  const error = `must be a name such as "${usual}" or "ops.migrations"`;
  return z.string().regex(TABLE, { error }).prefault(usual);
}
