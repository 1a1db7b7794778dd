/** Tries the migrations of a release on a restored backup, or says what became of them there. */
import { failureOf } from '../../core/failures.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';

export async function rehearseMigrations(context: ActionContext): Promise<ActionResult> {
  const { plan, signal, progress } = context;
  const { service, environmentOf } = context;
  const { backup, runs, criteria } = await context.work.rehearseMigrations({
    ...{ service, environmentOf, deployment: plan.id, signal },
    progress,
  });
  signal.throwIfAborted();
  const details = { backup, runs, criteria };
  const unmet = criteria.filter(({ state }) => state !== 'met');
  if (unmet.length === 0) {
    const names = runs.map(({ name }) => name).join(', ');
    return ok(`${names} went through on ${backup}; both releases live with it.`, { details });
  }
  const message = `Tried on ${backup}: ${unmet.map(criterionSentence).join('; ')}.`;
  return { kind: 'failed', failure: failureOf('migration-failed', message, { details }) };
}
