/** What is left of a statement without a transaction that was broken off: an index that is there and not used. */
import type { Client } from 'pg';
import { parseSql } from './parse-sql.ts';

/** Makes room for it to be run again. True when there is nothing left to do, as it came to its end unrecorded. */
export async function clearBrokenOff(client: Client, text: string): Promise<boolean> {
  const { statements } = await parseSql(text);
  let isDone = statements.length > 0;
  for (const { node } of statements) {
    const index = 'IndexStmt' in node ? node.IndexStmt : null;
    const { idxname, relation } = index ?? {};
    if (idxname === undefined || !relation) {
      isDone = false;
      continue;
    }
    const name = [relation.schemaname, idxname]
      .flatMap((part) => (part === undefined ? [] : [client.escapeIdentifier(part)]))
      .join('.');
    const { rows } = await client.query<{ valid: boolean }>(
      'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
      [name],
    );
    if (rows[0]?.valid !== true) isDone = false;
    if (rows[0]?.valid === false) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
  }
  return isDone;
}
