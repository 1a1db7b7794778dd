/** Looks again and again at what the sessions of a program hold, from a session of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { HeldLock } from '../../../core/migration/migration-run.ts';
import { locksOfSessions, relationsNow, strongestEach } from '../../../platform/locks-held.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';

const EVERY_MS = 10;

export interface Watched<Result> {
  readonly result: Result;
  /** From the first moment in which there was a session to the last one; null where there never was any. */
  readonly sessions: { readonly durationMs: number; readonly locks: readonly HeldLock[] } | null;
}

/** Whatever becomes of the work: of its sessions none is left. */
export async function watchSessions<Result>(
  url: string,
  session: string,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const client = await openPostgres(url);
  const end = new AbortController();
  try {
    const watching = watchUntil(end.signal, client, session);
    const result = await work().finally(() => end.abort());
    return { result, sessions: await watching };
  } finally {
    // A server goes on with what it was asked for when only the program has gone.
    await client
      .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        session,
      ])
      .catch(() => undefined);
    await client.end();
  }
}

/** Null as well when it cannot be looked any more: what nobody saw is known by its time alone. */
async function watchUntil(
  signal: AbortSignal,
  client: Client,
  session: string,
): Promise<Watched<unknown>['sessions']> {
  try {
    const relations = await relationsNow(client);
    let from: number | null = null;
    let to = 0;
    let held: readonly HeldLock[] = [];
    while (!signal.aborted) {
      const at = performance.now();
      const locks = await locksOfSessions(client, session, relations);
      if (locks !== null) {
        from ??= at;
        to = performance.now();
        held = strongestEach([...held, ...locks]);
      }
      await delay(EVERY_MS);
    }
    return from === null ? null : { durationMs: Math.round(to - from), locks: held };
  } catch {
    return null;
  }
}
