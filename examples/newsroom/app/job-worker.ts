/** Carries out background jobs, one at a time, beside the requests of the same process. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { publishArticle } from './article-store.ts';
import { inTransaction, type Database, type Transaction } from './database.ts';
import { finishJob, postponeJob, takeJob, type Job } from './job-store.ts';
import { errorFields, log } from './log.ts';

const IDLE_MS = 500;

export interface WorkContext {
  readonly database: Database;
  /** Where publications are announced. */
  readonly channel: string;
}

/** Runs until the signal; resolves when the job in hand is done. */
export async function runJobs(context: WorkContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const worked = await runNextJob(context).catch((error: unknown) => {
      log('background work failed', errorFields(error));
      return false;
    });
    if (worked) continue;
    await delay(IDLE_MS, undefined, { signal }).catch(() => {
      // Woken by the signal: the loop's condition ends it.
    });
  }
}

/** False when nothing was due. */
async function runNextJob(context: WorkContext): Promise<boolean> {
  const inHand: { job: Job | null } = { job: null };
  try {
    return await inTransaction(context.database, async (transaction) => {
      const job = await takeJob(transaction);
      if (job === null) return false;
      inHand.job = job;
      await carryOut(job, transaction, context.channel);
      await finishJob(transaction, job);
      return true;
    });
  } catch (error) {
    if (inHand.job !== null) await postponeJob(context.database, inHand.job);
    throw error;
  }
}

async function carryOut(job: Job, transaction: Transaction, channel: string): Promise<void> {
  switch (job.kind) {
    case 'count-words':
      await transaction.query(
        `update articles set words = (
           select count(*) from regexp_split_to_table(body, '\\s+') as word where word <> '')
         where id = $1`,
        [Number(job.subject)],
      );
      return;
    case 'publish-article':
      await publishArticle(transaction, Number(job.subject), channel);
      return;
    case 'end-sessions':
      await transaction.query('delete from sessions where expires_at < now()');
      return;
    case 'verify-media': {
      const { rows } = await transaction.query<{ data: Buffer }>(
        'select data from media where digest = $1',
        [job.subject],
      );
      const data = rows[0]?.data;
      if (data === undefined) return;
      if (createHash('sha256').update(data).digest('hex') !== job.subject) {
        throw new Error(`The stored file ${job.subject} does not have its digest.`);
      }
      await transaction.query('update media set verified_at = now() where digest = $1', [
        job.subject,
      ]);
      return;
    }
  }
}
