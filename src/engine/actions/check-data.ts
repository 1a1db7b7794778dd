/** Asks whether what must hold of a service's data does. */
import { failureOf } from '../../core/failures.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import { counted } from '../../core/words/counted.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';

export async function checkData(context: ActionContext): Promise<ActionResult> {
  const { service, environmentOf, signal } = context;
  const criteria = await context.work.checkData({ service, environmentOf, signal });
  signal.throwIfAborted();
  const unmet = criteria.filter(({ state }) => state !== 'met');
  const details = { criteria };
  if (unmet.length === 0) return ok(`${counted(criteria.length, 'invariant')} met.`, { details });
  const message = `The data is not as it must be: ${unmet.map(criterionSentence).join('; ')}.`;
  return { kind: 'failed', failure: failureOf('data-invalid', message, { details }) };
}
