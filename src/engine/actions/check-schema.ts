/** Looks whether the database of a service is built as it was noted last. */
import { failureOf } from '../../core/failures.ts';
import { schemaSentence } from '../../core/schema/schema-sentence.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { compareSchema } from '../migration/compare-schema.ts';

export async function checkSchema(context: ActionContext): Promise<ActionResult> {
  const { schema, own, last, differences } = await compareSchema(context);
  if (!last) return ok('Nothing was noted that it could be compared with.', { schema });
  if (differences.length === 0) return ok(`As it was noted: ${schema.digest}.`);
  // They were broken off before anything was noted behind them; what they add is not known.
  const unnoted = schema.applied.filter((name) => !own?.applied.includes(name));
  const wrong =
    unnoted.length > 0 ? differences.filter(({ kind }) => kind === 'missing') : differences;
  const details = { differences, before: last.digest, unnoted };
  if (wrong.length === 0) {
    const message = `Nothing is missing; ${unnoted.join(', ')} came since it was noted: ${schemaSentence(differences)}.`;
    return ok(message, { schema, details });
  }
  const message = `The schema is not as it was noted: ${schemaSentence(wrong)}.`;
  return { kind: 'failed', failure: failureOf('state-differs', message, { details }) };
}
