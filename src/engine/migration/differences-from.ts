import type { PlannedService } from '../../core/plan/plan.ts';
import { schemaDifferences, type SchemaDifference } from '../../core/schema/schema-differences.ts';
import type { SchemaNote } from '../../core/schema/schema-note.ts';
import { withoutChanging } from '../../core/schema/without-changing.ts';

/** What the service names as changing by itself is left out on either side. */
export function differencesFrom(
  noted: SchemaNote,
  found: SchemaNote,
  { database }: PlannedService,
): readonly SchemaDifference[] {
  const { changing = [] } = database ?? {};
  return schemaDifferences(
    withoutChanging(noted.objects, changing),
    withoutChanging(found.objects, changing),
  );
}
