/**
 * Terms of those who drive deployments, one after the other. Who takes over begins the next term; from
 * then on the database refuses whatever a driver of an earlier one writes.
 */
import pg from 'pg';

/** Null for who does not drive: then no term is checked. */
export type DriverTerm = number | null;

const TERM_OVER = 'SF001';

type Session = Pick<pg.ClientBase, 'query'>;

/** Waits for steps that are being recorded. Only for who holds the right to drive. */
export async function beginTerm(session: Session): Promise<number> {
  return termIn(
    await session.query<TermRow>('update audit_head set term = term + 1 returning term'),
  );
}

export async function presentTerm(session: Session): Promise<number> {
  return termIn(await session.query<TermRow>('select term from audit_head'));
}

/** Whether a write was refused because another driver's term has begun. */
export function isTermOver(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === TERM_OVER;
}

interface TermRow {
  readonly term: number;
}

function termIn({ rows }: pg.QueryResult<TermRow>): number {
  const [row] = rows;
  if (!row) throw new Error('The audit log has no head.');
  return row.term;
}
