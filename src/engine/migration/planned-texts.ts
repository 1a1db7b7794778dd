/** The texts of planned migrations, as they were when they were planned. */
import type { MigrationText } from '../../core/migration/migration-file.ts';
import type { PlannedMigrations } from '../../core/migration/planned-database.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { readMigrations } from './read-migrations.ts';

/** Throws `migration-refused` for one that is another by now, or gone. */
export async function plannedTexts(
  migrator: Migrator,
  { folder, now }: PlannedMigrations,
  signal: AbortSignal,
): Promise<readonly MigrationText[]> {
  const read = await readMigrations(migrator, folder, signal);
  const files = new Map(read.map(({ text }) => [text.name, text]));
  return now.map(({ name, digest, isTransaction }) => {
    const file = files.get(name);
    if (file?.digest !== digest) {
      const message = `${name} is not what was planned. Plan anew.`;
      throw operationalError('migration-refused', message);
    }
    const { path, text } = file;
    return { name, path, digest, isTransaction, text };
  });
}
