/** What the server does with a service's database, on its way through a deployment. */
import { join } from 'node:path';
import type { MigrationRun } from '../../core/migration/migration-run.ts';
import { invariant } from '../../core/invariant.ts';
import type { PlannedDatabase, PlannedMigrations } from '../../core/migration/planned-database.ts';
import type { PlannedPool, PlannedProbe, PlannedService } from '../../core/plan/plan.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { openPlanned } from '../backup/open-planned.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { previewOfPool } from '../validation/preview-of-pool.ts';
import { toolEnvironment } from '../validation/tool-environment.ts';
import { checkInvariants } from './check-invariants.ts';
import { unpackedSecrets, type DatabaseSecrets } from './database-secrets.ts';
import { planDatabaseFrom, type PlanDatabase } from './plan-database.ts';
import { plannedTexts } from './planned-texts.ts';
import { rehearseMigrations, type RehearsalResult } from './rehearse-migrations.ts';
import type { TriedRelease } from './try-release.ts';

export interface DatabaseCall {
  /** It has a database. */
  readonly service: PlannedService;
  /** What may be secret, by its digest. */
  readonly environmentOf: (digest: string) => Promise<Readonly<Record<string, string>>>;
  readonly signal: AbortSignal;
}

export interface RehearsalCall extends DatabaseCall {
  /** Names the folder of its logs. */
  readonly deployment: string;
  readonly progress: (text: string) => void;
}

export interface DatabaseWork {
  readonly planDatabase: PlanDatabase;
  readonly rehearseMigrations: (call: RehearsalCall) => Promise<RehearsalResult>;
  /** Again is as once. */
  readonly applyMigrations: (call: DatabaseCall) => Promise<readonly MigrationRun[]>;
  readonly areMigrationsApplied: (call: DatabaseCall) => Promise<boolean>;
  readonly checkData: (call: DatabaseCall) => Promise<readonly Criterion[]>;
}

export function databaseWorkFrom(surroundings: ServerSurroundings): DatabaseWork {
  return {
    planDatabase: planDatabaseFrom(surroundings),
    rehearseMigrations: (call) => rehearse(call, surroundings),
    async applyMigrations(call) {
      const { migrator, migrations, secrets } = await migrating(call, surroundings);
      const { lockMs, timeBoxMs: statementMs } = migrations;
      const texts = await plannedTexts(migrations);
      return migrator.apply(secrets.url, texts, { lockMs, statementMs }, call);
    },
    async areMigrationsApplied(call) {
      const { migrator, migrations, secrets } = await migrating(call, surroundings);
      const applied = await migrator.applied(secrets.url, call);
      const done = new Set(applied.flatMap(({ name, isFinished }) => (isFinished ? [name] : [])));
      return migrations.now.every(({ name }) => done.has(name));
    },
    async checkData(call) {
      const { database, secrets } = await databaseIn(call);
      return checkInvariants(secrets.url, database.invariants);
    },
  };
}

async function databaseIn({ service, environmentOf }: DatabaseCall): Promise<{
  readonly database: PlannedDatabase;
  readonly secrets: DatabaseSecrets;
}> {
  const { database } = service;
  invariant(database, 'only a service with a database is asked for it');
  return { database, secrets: unpackedSecrets(await environmentOf(database.configDigest)) };
}

interface Migrating {
  readonly database: PlannedDatabase;
  readonly secrets: DatabaseSecrets;
  readonly migrator: Migrator;
  readonly migrations: PlannedMigrations;
}

async function migrating(
  call: DatabaseCall,
  { connect, agents }: ServerSurroundings,
): Promise<Migrating> {
  const { database, secrets } = await databaseIn(call);
  const { migrations } = database;
  invariant(migrations, 'only a service with migrations is migrated');
  const { driver } = migrations;
  const migrator = connect('migration', { driver, config: secrets.migration }, agents);
  return { database, secrets, migrator, migrations };
}

async function rehearse(
  call: RehearsalCall,
  surroundings: ServerSurroundings,
): Promise<RehearsalResult> {
  const { service, deployment: by, environmentOf, progress, signal } = call;
  const { stateDirectory } = surroundings.agents;
  const { database, secrets, ...rest } = await migrating(call, surroundings);
  const backup = service.backups?.find(({ name }) => name === database.backup);
  invariant(backup, 'migrations are rehearsed on a backup of the plan');
  const packed = await environmentOf(backup.configDigest);
  const of = { scope: service.scope, backup, by, packed, signal };
  return rehearseMigrations({
    ...(await openPlanned(surroundings, of)),
    ...{ database, ...rest },
    ...{ url: secrets.url, progress },
    releases: await triedReleases(call, surroundings, secrets),
    stateDirectory,
    evidence: join(stateDirectory, 'rehearsals', by, service.service),
  });
}

async function triedReleases(
  { service, environmentOf }: RehearsalCall,
  { connect, agents, host }: ServerSurroundings,
  { url, env: over }: DatabaseSecrets,
): Promise<readonly TriedRelease[]> {
  const { stable, candidate, target } = service;
  const released = async (
    what: string,
    pool: PlannedPool,
    probes: readonly PlannedProbe[],
  ): Promise<TriedRelease> => {
    const { release, startTimeoutMs: ready } = pool;
    const env = { ...(await environmentOf(release.configDigest)), ...over };
    const of = { target, probes, env, connect, agents };
    const plan = previewOfPool({ needs: [], ready }, pool, of);
    return {
      ...{ what: `${what} (${release.version})`, version: release.version, plan },
      ...{ host: toolEnvironment(host), secretValues: [url, ...Object.values(over)] },
    };
  };
  return [
    ...(stable ? [await released('what serves', stable, service.probesBefore)] : []),
    await released('what is to serve', candidate, service.probes),
  ];
}
