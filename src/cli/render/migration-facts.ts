/** What a plan does to the schema of a service's database, as names and values: what now, what later and why. */
import type { PlannedMigration, PlannedMigrations } from '../../core/migration/planned-database.ts';
import type { PlannedService } from '../../core/plan/plan.ts';
import type { Fact } from './cost-facts.ts';

export function migrationFacts({
  database,
  release,
}: Pick<PlannedService, 'database' | 'release'>): readonly Fact[] {
  const migrations = database?.migrations;
  if (!migrations) return [];
  const { later } = migrations;
  const names = later.map(({ name }) => name).join(', ');
  const why = `contract: with the first deployment after ${release.version} serves, as what serves now may need what ${later.length === 1 ? 'it takes' : 'they take'} away`;
  return [
    ['migrations', nowText(migrations, release.version)],
    ...(later.length > 0 ? [['later', `${names} (${why})`] as const] : []),
  ];
}

function nowText({ shipped, now, later }: PlannedMigrations, version: string): string {
  if (shipped.length === 0) return `none: ${version} brings none`;
  const before = shipped.length - now.length - later.length;
  return [
    now.length > 0 ? now.map(named).join(', ') : 'none',
    ...(before > 0 ? [`${before} of ${shipped.length} applied before`] : []),
  ].join('; ');
}

function named({ name, migrationClass }: PlannedMigration): string {
  return `${name} (${migrationClass})`;
}
