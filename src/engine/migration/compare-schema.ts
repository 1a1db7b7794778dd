/** Reads how the database of a service is built, and holds it against what was noted last. */
import { schemaDifferences, type SchemaDifference } from '../../core/schema/schema-differences.ts';
import type { KnownNotes, SchemaNote } from '../../core/schema/schema-note.ts';
import { withoutChanging } from '../../core/schema/without-changing.ts';
import type { ActionContext } from '../action-context.ts';

export interface ComparedSchema extends KnownNotes {
  /** As it is now. */
  readonly schema: SchemaNote;
  /** From the last note; none where there is none. */
  readonly differences: readonly SchemaDifference[];
}

/** What the service names as changing by itself is left out on either side. */
export async function compareSchema(context: ActionContext): Promise<ComparedSchema> {
  const { service, environmentOf, signal } = context;
  const schema = await context.work.readSchema({ service, environmentOf, signal });
  const notes = await context.notesOf(schema.place);
  signal.throwIfAborted();
  const { changing = [] } = service.database ?? {};
  const compared = ({ objects }: SchemaNote) => withoutChanging(objects, changing);
  const differences = notes.last ? schemaDifferences(compared(notes.last), compared(schema)) : [];
  return { ...notes, schema, differences };
}
