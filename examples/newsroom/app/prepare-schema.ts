/** Brings the schema up to this release at start; any number of instances may do so at once. */
import { inTransaction, type Database, type Transaction } from './database.ts';
import { log } from './log.ts';
import { hashPassword } from './password.ts';
import type { Feature } from './release.ts';
import { schemaSteps } from './schema-steps.ts';
import { seedArticles, seedUsers } from './seed.ts';

/** Rather fail to start than hold up the requests of the release that serves now. */
const LOCK_TIMEOUT_MS = 3000;

export interface SchemaOptions {
  readonly schema: string;
  readonly features: readonly Feature[];
  readonly seedPassword: string;
}

export async function prepareSchema(database: Database, options: SchemaOptions): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await transaction.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await transaction.query('select pg_advisory_xact_lock(hashtext($1))', [
      `newsroom-schema:${options.schema}`,
    ]);
    const done = await stepsDone(transaction, options.schema);
    for (const step of schemaSteps) {
      // A step that is done is not run again: even `if not exists` takes locks on its tables.
      if (done.has(step.name)) continue;
      if (step.feature !== null && !options.features.includes(step.feature)) continue;
      await transaction.query(step.sql);
      if (step.name === 'articles') await seed(transaction, options.seedPassword);
      await transaction.query('insert into schema_steps (name) values ($1)', [step.name]);
      log('schema step done', { step: step.name });
    }
  });
}

async function stepsDone(transaction: Transaction, schema: string): Promise<ReadonlySet<string>> {
  await transaction.query(`create schema if not exists ${schema}`);
  await transaction.query(
    'create table if not exists schema_steps (name text primary key, done_at timestamptz not null default now())',
  );
  const { rows } = await transaction.query<{ name: string }>('select name from schema_steps');
  return new Set(rows.map((row) => row.name));
}

async function seed(transaction: Transaction, password: string): Promise<void> {
  const stored = await Promise.all(seedUsers.map(() => hashPassword(password)));
  await transaction.query(
    `insert into users (name, role, password)
     select * from unnest($1::text[], $2::text[], $3::text[]) on conflict (name) do nothing`,
    [seedUsers.map((user) => user.name), seedUsers.map((user) => user.role), stored],
  );
  await transaction.query(
    `insert into articles (title, body, author_id, published_at, words)
     select seed.title, seed.body, users.id, now() - make_interval(hours => seed.age::int),
       array_length(regexp_split_to_array(trim(seed.body), '\\s+'), 1)
     from unnest($1::text[], $2::text[]) with ordinality as seed (title, body, age)
     join users on users.name = 'arthur'
     order by seed.age
     on conflict do nothing`,
    [seedArticles.map((article) => article.title), seedArticles.map((article) => article.body)],
  );
}
