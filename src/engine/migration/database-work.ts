/** What the server does with a service's database, on its way through a deployment. */
import { join } from 'node:path';
import { invariant } from '../../core/invariant.ts';
import type { MigrationRun } from '../../core/migration/migration-run.ts';
import type { PlannedDatabase, PlannedMigrations } from '../../core/migration/planned-database.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { SchemaNote } from '../../core/schema/schema-note.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { canonicalDigest } from '../../platform/canonical-digest.ts';
import { placeOf } from '../../platform/open-postgres.ts';
import { throwUnverifiable } from '../../platform/unverifiable-by.ts';
import { unpackedSecrets, type DatabaseSecrets } from './database-secrets.ts';
import type { DatabaseTools, ReleasesOf } from './database-tools.ts';
import { rehearseMigrations, type RehearsalResult } from './rehearse-migrations.ts';

export interface DatabaseCall extends ReleasesOf {
  readonly signal: AbortSignal;
}

export interface RehearsalCall extends DatabaseCall {
  /** Names the folder of its logs. */
  readonly deployment: string;
  readonly progress: (text: string) => void;
}

export interface DatabaseWork {
  /** Throws `backup-unverifiable` for a store or a server that does not answer. */
  readonly rehearseMigrations: (call: RehearsalCall) => Promise<RehearsalResult>;
  /** Again is as once. */
  readonly applyMigrations: (call: DatabaseCall) => Promise<readonly MigrationRun[]>;
  readonly areMigrationsApplied: (call: DatabaseCall) => Promise<boolean>;
  readonly checkData: (call: DatabaseCall) => Promise<readonly Criterion[]>;
  /** How it is built now. Throws `database-unreachable`. */
  readonly readSchema: (call: DatabaseCall) => Promise<SchemaNote>;
}

export function databaseWorkFrom(tools: DatabaseTools): DatabaseWork {
  return {
    rehearseMigrations: (call) => rehearse(call, tools).catch(throwUnverifiable),
    async applyMigrations(call) {
      const { migrator, migrations, secrets } = await migrating(call, tools);
      const { lockMs, timeBoxMs: statementMs } = migrations;
      const texts = await tools.textsOf(migrator, migrations, call.signal);
      return migrator.apply(secrets.url, texts, { lockMs, statementMs }, call);
    },
    async areMigrationsApplied(call) {
      const { migrator, migrations, secrets } = await migrating(call, tools);
      const isDone = await doneIn(secrets.url, migrator, call);
      return migrations.now.every(({ name }) => isDone(name));
    },
    async checkData(call) {
      const { database, secrets } = await databaseIn(call);
      return tools.ask(secrets.url, database.invariants, call.signal);
    },
    readSchema: (call) => readSchema(call, tools),
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

async function migrating(call: DatabaseCall, tools: DatabaseTools): Promise<Migrating> {
  const { database, secrets } = await databaseIn(call);
  const { migrations } = database;
  invariant(migrations, 'only a service with migrations is migrated');
  const migrator = tools.migratorOf(migrations, secrets.migration);
  return { database, secrets, migrator, migrations };
}

/** Tells of each migration by its name whether the database has had it as a whole. */
async function doneIn(
  url: string,
  migrator: Migrator,
  call: DatabaseCall,
): Promise<(name: string) => boolean> {
  const applied = await migrator.applied(url, call);
  const done = new Set(applied.flatMap(({ name, isFinished }) => (isFinished ? [name] : [])));
  return (name) => done.has(migrator.recordedAs(name));
}

async function readSchema(call: DatabaseCall, tools: DatabaseTools): Promise<SchemaNote> {
  const { database, secrets } = await databaseIn(call);
  const { migrations } = database;
  const { url, migration: config } = secrets;
  const migrator = migrations && tools.migratorOf(migrations, config);
  const isDone = migrator ? await doneIn(url, migrator, call) : () => false;
  const objects = await tools.schemaOf(url, migrator?.records ?? [], call.signal);
  return {
    place: placeOf(url),
    digest: canonicalDigest(objects),
    objects,
    applied: (migrations?.now ?? []).map(({ name }) => name).filter(isDone),
  };
}

async function rehearse(call: RehearsalCall, tools: DatabaseTools): Promise<RehearsalResult> {
  const { service, deployment: by, environmentOf, progress, signal } = call;
  const { database, secrets, migrations, migrator } = await migrating(call, tools);
  const backup = service.backups?.find(({ name }) => name === database.backup);
  invariant(backup, 'migrations are rehearsed on a backup of the plan');
  const packed = await environmentOf(backup.configDigest);
  const of = { scope: service.scope, backup, by, packed, signal };
  return rehearseMigrations({
    ...(await tools.openBackup(of)),
    ...{ database, migrations, migrator, ask: tools.ask, url: secrets.url, progress },
    texts: await tools.textsOf(migrator, migrations, signal),
    releases: await tools.releasesOf(call, secrets),
    evidence: join(tools.evidenceOf(by), service.service),
  });
}
