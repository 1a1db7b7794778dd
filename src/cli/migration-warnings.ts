/** What of a service's folder of migrations nobody would apply: told by who validates or plans. */
import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { PlanAnswer } from '../api/contract/answers.ts';
import type { SystemConfig } from '../config/system-config.ts';
import { passedOver } from '../core/migration/passed-over.ts';
import { OperationalError } from '../core/operational-error.ts';
import { isSystemError } from '../platform/is-system-error.ts';
import { configPathOf, type CliSession } from './cli-session.ts';

/** As they are declared. A folder that a version names is looked at when there is a version. */
export async function declaredMigrationWarnings(
  session: CliSession,
  { services }: SystemConfig,
): Promise<readonly string[]> {
  const base = dirname(configPathOf(session));
  const warnings: string[] = [];
  for (const [name, { database }] of Object.entries(services)) {
    const migrations = database?.migrations;
    if (!migrations || migrations.path.includes('{version}')) continue;
    const folder = resolve(base, migrations.path);
    const migrator = session.environment.connect('migration', migrations, { stateDirectory: '' });
    const read = async (): Promise<string | null> => {
      const taken = (await migrator.files(folder, session)).map((file) => file.name);
      const { path, driver } = migrations;
      return passedOver({ folder: path, driver, names: await namesIn(folder), taken });
    };
    const warning = await read().catch(sentenceOf);
    if (warning !== null) warnings.push(`${name}: ${warning}`);
  }
  return warnings;
}

/** As the server has planned them. */
export async function plannedMigrationWarnings({ plan }: PlanAnswer): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { service, database } of plan.services) {
    const { folder, driver, shipped: taken } = database?.migrations ?? {};
    if (folder === undefined || driver === undefined || taken === undefined) continue;
    const warning = passedOver({ folder, driver, names: await namesIn(folder), taken });
    if (warning !== null) warnings.push(`${service}: ${warning}`);
  }
  return warnings;
}

/** What a deployment would be refused for is no reason to say nothing of the rest. */
function sentenceOf(error: unknown): string {
  const isTold = error instanceof OperationalError && error.failure.code === 'migration-invalid';
  if (!isTold) throw error;
  return error.message;
}

/** The server has read it before, and who looks after it has gone finds none. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}
