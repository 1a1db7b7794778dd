import type { Client } from 'pg';
import { invariant } from '../core/invariant.ts';

/** The one row of a query; `Row` says what it has, and the query must cast to just that. */
export async function queryOne<Row extends Readonly<Record<string, string>>>(
  client: Client,
  text: string,
  ...values: readonly string[]
): Promise<Row> {
  const { rows } = await client.query<Row>(text, [...values]);
  invariant(rows.length === 1 && rows[0], 'a query that always has one row');
  return rows[0];
}
