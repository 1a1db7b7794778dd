/** What steps of deployments have noted of schemas, read back from the audit log. */
import { sql } from 'kysely';
import type { KnownNotes, SchemaNote } from '../core/schema/schema-note.ts';
import type { Database } from './database.ts';

export interface NotesOf {
  readonly scope: string;
  readonly place: string;
}

const NOTE = sql`body #> '{evidence,schema}'`;

export async function findSchemaNotes(
  database: Database,
  { scope, place }: NotesOf,
): Promise<KnownNotes> {
  const ofScope = sql`scope = ${scope}`;
  const newest = (where: typeof ofScope) => sql<SchemaNote | null>`(
    select ${NOTE} from audit_entries
    where key like '%-schema-% ended' and ${NOTE} is not null and ${where}
    order by sequence desc limit 1)`;
  const { rows } = await sql<KnownNotes>`
    select ${newest(ofScope)} as own,
      ${newest(sql`(${ofScope} or body #>> '{evidence,schema,place}' = ${place})`)} as last
  `.execute(database);
  return rows[0] ?? { own: null, last: null };
}
