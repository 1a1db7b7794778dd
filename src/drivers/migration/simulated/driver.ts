/** Applies migrations to databases in memory, for the simulation: each at once, together with its record. */
import type { MigrationText } from '../../../core/migration/migration-file.ts';
import type { MigrationRun } from '../../../core/migration/migration-run.ts';
import { operationalError } from '../../../core/operational-error.ts';
import type {
  SimulatedContent,
  SimulatedDatabases,
} from '../../../platform/simulated-databases.ts';
import type { DriverContext, Migrator } from '../../contract.ts';
import { changedBy, lockedBy } from './changed-by.ts';

/** How a call comes to a database; another one may lose it on its way. */
export type ReachDatabase = <Result>(
  verb: 'applied' | 'apply',
  context: DriverContext,
  act: () => Result | Promise<Result>,
) => Promise<Result>;

const AT_ONCE: ReachDatabase = (_verb, _context, act) => Promise.resolve().then(act);

/** A text that is `wait` alone never ends by itself. */
const WAIT = 'wait';

export function simulatedMigrator(
  databases: SimulatedDatabases,
  reach: ReachDatabase = AT_ONCE,
): Migrator {
  return {
    records: [],
    // Its texts lie in no folder.
    files: () => Promise.resolve([]),
    recordedAs: (name) => name,
    applied: (url, context) => reach('applied', context, () => contentAt(databases, url).applied),
    async apply(url, migrations, _limits, context) {
      const runs: MigrationRun[] = [];
      for (const migration of migrations) {
        const apply = (): Promise<null> | MigrationRun | null =>
          migration.text === WAIT
            ? untilEnded(databases, context)
            : applyOne(databases, url, migration);
        const run = await reach<MigrationRun | null>('apply', context, apply);
        if (run) runs.push(run);
      }
      return runs;
    },
  };
}

/** Null for one that was applied before. */
function applyOne(
  databases: SimulatedDatabases,
  url: string,
  migration: MigrationText,
): MigrationRun | null {
  const content = contentAt(databases, url);
  const { name, digest, text } = migration;
  if (content.applied.some((known) => known.name === name)) return null;
  const changed = changedBy(content, migration);
  const applied = [...changed.applied, { name, digest, isFinished: true }];
  databases.contents.set(url, { ...changed, applied });
  const { tables, ms } = lockedBy(text);
  const locks = tables.map((relation) => ({ relation, mode: 'ACCESS EXCLUSIVE' as const }));
  return { name, durationMs: ms, locks };
}

async function untilEnded(databases: SimulatedDatabases, { signal }: DriverContext): Promise<null> {
  databases.waiting += 1;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  databases.waiting -= 1;
  signal.throwIfAborted();
  return null;
}

function contentAt({ contents }: SimulatedDatabases, url: string): SimulatedContent {
  const content = contents.get(url);
  if (content) return content;
  throw operationalError('database-unreachable', `There is no database at ${url}.`);
}
