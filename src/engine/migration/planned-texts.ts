/** The texts of planned migrations, as they were when they were planned. */
import type { PlannedMigrations } from '../../core/migration/planned-database.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { MigrationText } from '../../drivers/contract.ts';
import { readMigrations } from './read-migrations.ts';

/** Throws `migration-refused` for one that is another by now, or gone. */
export async function plannedTexts({
  folder,
  now,
}: PlannedMigrations): Promise<readonly MigrationText[]> {
  const files = new Map((await readMigrations(folder)).map((file) => [file.name, file]));
  return now.map(({ name, digest, isTransaction }) => {
    const file = files.get(name);
    if (file?.digest !== digest) {
      const message = `${name} is not what was planned. Plan anew.`;
      throw operationalError('migration-refused', message);
    }
    return { name, digest, isTransaction, text: file.text };
  });
}
