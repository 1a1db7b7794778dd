/** Notes how the database of a service is built; one that is not as it was noted last has drifted. */
import { failureOf } from '../../core/failures.ts';
import type { Action } from '../../core/plan/plan.ts';
import { schemaSentence } from '../../core/schema/schema-sentence.ts';
import { counted } from '../../core/words/counted.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { compareSchema } from '../migration/compare-schema.ts';

export async function noteSchema(
  context: ActionContext,
  { onDrift, accepted }: Extract<Action, { kind: 'note-schema' }>,
): Promise<ActionResult> {
  const { schema, last, differences } = await compareSchema(context);
  const is = `${counted(Object.keys(schema.objects).length, 'object')}, ${schema.digest}`;
  if (!last) return ok(`Noted for the first time: ${is}.`, { schema });
  if (differences.length === 0) return ok(`As it was noted last: ${is}.`, { schema });
  const details = { differences, before: last.digest };
  const sentence = schemaSentence(differences);
  if (onDrift === 'refuse' && accepted === undefined) {
    const message = `The schema is not what the last deployment left: ${sentence}.`;
    return { kind: 'failed', failure: failureOf('schema-drifted', message, { details }) };
  }
  const because = accepted === undefined ? '' : ` Accepted: ${accepted}`;
  return ok(`Since it was noted last: ${sentence}.${because}`, {
    schema,
    details: { ...details, ...(accepted !== undefined && { accepted }) },
  });
}
