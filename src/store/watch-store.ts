/** What watches on traffic have seen so far, kept while they go on. */
import { sql, type RawBuilder } from 'kysely';
import type { WatchedSeconds } from '../core/gates/watch-seconds.ts';
import type { Scope } from '../core/model/ids.ts';
import { appendedAudit } from './audit-store.ts';
import type { Database } from './database.ts';
import type { DriverTerm } from './driver-term.ts';
import { jsonb } from './jsonb.ts';

export interface KeptWatch {
  readonly deployment: number;
  readonly scope: Scope;
  /** The key under which the outcome of the watching command will be recorded. */
  readonly outcomeKey: string;
  readonly watched: WatchedSeconds;
}

/** Takes the place of what was kept of the scope before; of a deployment that has ended nothing is kept. */
export async function keepWatch(
  database: Database,
  { deployment, scope, outcomeKey, watched }: KeptWatch,
  term: DriverTerm = null,
): Promise<void> {
  await sql`
    with kept as (
      insert into deployment_watches (deployment, scope, outcome_key, watched)
      select number, ${scope}, ${outcomeKey}, ${jsonb(watched)}::jsonb
      from deployments where number = ${deployment} and status = 'running'
      on conflict (deployment, scope) do update
      set outcome_key = excluded.outcome_key, watched = excluded.watched
    )
    select ${appendedAudit([], term)}
  `.execute(database);
}

/** The column with what was kept for this outcome, by scope. */
export function keptWatches(deployment: number, outcomeKey: string): RawBuilder<unknown> {
  return sql`(
    select coalesce(json_object_agg(scope, watched), '{}') from deployment_watches
    where deployment = ${deployment} and outcome_key = ${outcomeKey}
  )`;
}
