/** What of a service's database is kept apart from its plan: it may be secret. */
import { z } from 'zod';
import { packedConfig, unpackedConfig } from '../backup/pack-config.ts';

const secretsSchema = z.object({
  url: z.string(),
  migration: z.unknown(),
  env: z.record(z.string(), z.string()),
});

export interface DatabaseSecrets {
  readonly url: string;
  /** Configuration of the driver that migrates. */
  readonly migration: unknown;
  /** Over the target's, for instances that a rehearsal starts. */
  readonly env: Readonly<Record<string, string>>;
}

export function packedSecrets(secrets: DatabaseSecrets): Readonly<Record<string, string>> {
  return packedConfig(secrets);
}

export function unpackedSecrets(packed: Readonly<Record<string, string>>): DatabaseSecrets {
  const { url, migration, env } = secretsSchema.parse(unpackedConfig(packed));
  return { url, migration, env };
}
