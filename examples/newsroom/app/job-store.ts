/** The queue of background work: a table, so that a job is enqueued in the transaction it is for. */
import type { Database, Transaction } from './database.ts';

export const jobKinds = ['count-words', 'verify-media', 'publish-article', 'end-sessions'] as const;
export type JobKind = (typeof jobKinds)[number];

export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  /** What it is about: the id of an article, the digest of a file. */
  readonly subject: string;
  readonly attempts: number;
}

const ATTEMPTS_MAX = 5;

export async function enqueue(
  database: Database | Transaction,
  job: { readonly kind: JobKind; readonly subject: string; readonly runAt?: Date },
): Promise<void> {
  await database.query(
    'insert into jobs (kind, subject, run_at) values ($1, $2, coalesce($3, now()))',
    [job.kind, job.subject, job.runAt ?? null],
  );
}

/** Locks one due job until the transaction ends; other workers pass over it. */
export async function takeJob(transaction: Transaction): Promise<Job | null> {
  // Only kinds that this release knows: a job of the next release waits for the next release.
  const { rows } = await transaction.query<Job>(
    `select id, kind, subject, attempts from jobs
     where run_at <= now() and failed_at is null and kind = any($1)
     order by run_at, id limit 1 for update skip locked`,
    [jobKinds],
  );
  return rows[0] ?? null;
}

export async function finishJob(transaction: Transaction, job: Job): Promise<void> {
  await transaction.query('delete from jobs where id = $1', [job.id]);
}

/** Later and later; after the last attempt the job stays, marked, for a person to look at. */
export async function postponeJob(database: Database, job: Job): Promise<void> {
  await database.query(
    `update jobs set attempts = attempts + 1, run_at = now() + make_interval(secs => 2 ^ $2::integer),
       failed_at = case when attempts + 1 >= $3 then now() end
     where id = $1`,
    [job.id, job.attempts, ATTEMPTS_MAX],
  );
}
