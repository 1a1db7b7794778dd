/** Tables and schemas of migrations as a configuration names them: identifiers that need no quotes. */
import { z } from 'zod';

const TABLE = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/;
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

export function tableNamed(usual: string) {
  const error = `must be a name such as "${usual}" or "ops.migrations"`;
  return z.string().regex(TABLE, { error }).prefault(usual);
}

/** Beside the table of another tool. */
export function tableOfDigests() {
  return tableNamed('surefoot_migrations').describe(
    'Where the digest is kept of each that Surefoot has applied; made when it is missing.',
  );
}

export function schemasNamed() {
  const error = 'must be a name such as "public"';
  return z.array(z.string().regex(SCHEMA, { error })).min(1).max(20);
}

/** Where names without a schema are looked for. */
export function searchPathSetting(schemas: readonly string[]): string {
  return `SET search_path TO ${schemas.map((name) => `"${name}"`).join(', ')}`;
}
