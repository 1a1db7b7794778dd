/** Asks a database whether what must hold of its data does. */
import { DatabaseError, type Client } from 'pg';
import type { Invariant } from '../../core/migration/planned-database.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { isSessionLost } from '../../platform/lost-session.ts';
import { withSnapshot } from '../../platform/with-snapshot.ts';

export type AskInvariants = (
  url: string,
  invariants: readonly Invariant[],
  signal: AbortSignal,
) => Promise<readonly Criterion[]>;

/**
 * In one snapshot, which is only read. One that cannot be asked is not met. Throws `database-unreachable`, and what the
 * signal says.
 */
export async function checkInvariants(
  url: string,
  invariants: readonly Invariant[],
  signal: AbortSignal,
): Promise<readonly Criterion[]> {
  if (invariants.length === 0) return [];
  return withSnapshot(url, signal, async (client) => {
    const criteria: Criterion[] = [];
    for (const invariant of invariants) criteria.push(await askOne(client, invariant));
    return criteria;
  });
}

async function askOne(client: Client, { name, query }: Invariant): Promise<Criterion> {
  const about = { what: `invariant ${name}`, limit: 'true' };
  await client.query('SAVEPOINT ask');
  try {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' });
    await client.query('RELEASE SAVEPOINT ask');
    const observed = rows.length === 1 ? String(rows[0]?.[0]) : `${rows.length} rows`;
    const isMet = rows.length === 1 && rows[0]?.length === 1 && rows[0][0] === true;
    return { ...about, observed, state: isMet ? 'met' : 'unmet' };
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT ask');
    return { ...about, observed: error.message, state: 'unmet' };
  }
}
