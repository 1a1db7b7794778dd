/** What work with databases is done with on this machine; a simulation has tools of its own. */
import { join } from 'node:path';
import type { MigrationText } from '../../core/migration/migration-file.ts';
import type { PlannedMigrations } from '../../core/migration/planned-database.ts';
import type { PlannedPool, PlannedProbe, PlannedService } from '../../core/plan/plan.ts';
import type { SchemaObjects } from '../../core/schema/schema-objects.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { postgresSchema } from '../../platform/postgres-schema.ts';
import { openPlannedIn, type OpenPlanned } from '../backup/open-planned.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { previewOfPool } from '../validation/preview-of-pool.ts';
import { toolEnvironment } from '../validation/tool-environment.ts';
import { checkInvariants, type AskInvariants } from './check-invariants.ts';
import type { DatabaseSecrets } from './database-secrets.ts';
import { plannedTexts } from './planned-texts.ts';
import { tryRelease, type TriedRelease } from './try-release.ts';

export interface ReleasesOf {
  /** It has a database. */
  readonly service: PlannedService;
  /** What may be secret, by its digest. */
  readonly environmentOf: (digest: string) => Promise<Readonly<Record<string, string>>>;
}

export interface DatabaseTools {
  readonly migratorOf: (migrations: PlannedMigrations, config: unknown) => Migrator;
  readonly openBackup: OpenPlanned;
  readonly textsOf: (
    migrator: Migrator,
    migrations: PlannedMigrations,
    signal: AbortSignal,
  ) => Promise<readonly MigrationText[]>;
  readonly ask: AskInvariants;
  /** Without tables that are named. Throws `database-unreachable`. */
  readonly schemaOf: (
    url: string,
    apart: readonly string[],
    signal: AbortSignal,
  ) => Promise<SchemaObjects>;
  /** What serves, and what is to. */
  readonly releasesOf: (
    of: ReleasesOf,
    secrets: DatabaseSecrets,
  ) => Promise<readonly TriedRelease[]>;
  /** Where a deployment's rehearsals leave what was written. */
  readonly evidenceOf: (deployment: string) => string;
}

export function databaseToolsIn(surroundings: ServerSurroundings): DatabaseTools {
  const { connect, agents } = surroundings;
  return {
    migratorOf: ({ driver }, config) => connect('migration', { driver, config }, agents),
    openBackup: openPlannedIn(surroundings),
    textsOf: plannedTexts,
    ask: checkInvariants,
    schemaOf: postgresSchema,
    releasesOf: (of, secrets) => triedReleases(of, surroundings, secrets),
    evidenceOf: (deployment) => join(agents.stateDirectory, 'rehearsals', deployment),
  };
}

async function triedReleases(
  { service, environmentOf }: ReleasesOf,
  { connect, agents, host }: ServerSurroundings,
  { url, env: over }: DatabaseSecrets,
): Promise<readonly TriedRelease[]> {
  const { stable, candidate, target } = service;
  const released = async (
    whose: string,
    pool: PlannedPool,
    probes: readonly PlannedProbe[],
  ): Promise<TriedRelease> => {
    const { release, startTimeoutMs: ready } = pool;
    const env = { ...(await environmentOf(release.configDigest)), ...over };
    const plan = previewOfPool({ needs: [], ready }, pool, {
      target,
      probes,
      env,
      connect,
      agents,
    });
    const what = `${whose} (${release.version})`;
    const secretValues = [url, ...Object.values(over)];
    const { stateDirectory } = agents;
    const tried = { what, plan, host: toolEnvironment(host), secretValues, stateDirectory };
    return { what, version: release.version, tryOn: (on) => tryRelease(tried, on) };
  };
  return [
    ...(stable ? [await released('what serves', stable, service.probesBefore)] : []),
    await released('what is to serve', candidate, service.probes),
  ];
}
