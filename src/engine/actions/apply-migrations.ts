/** Applies the migrations of a release while what serves goes on, or looks whether they are. */
import { counted } from '../../core/words/counted.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';

export async function applyMigrations(context: ActionContext): Promise<ActionResult> {
  const { service, environmentOf, signal } = context;
  const runs = await context.work.applyMigrations({ service, environmentOf, signal });
  const planned = service.database?.migrations?.now.length ?? 0;
  const before = planned - runs.length;
  const also = before === 0 ? '' : `; ${counted(before, 'was', 'were')} already`;
  return ok(`${counted(runs.length, 'migration')} applied${also}.`, { details: { runs } });
}

export function areMigrationsApplied(context: ActionContext): Promise<boolean> {
  const { service, environmentOf, signal } = context;
  return context.work.areMigrationsApplied({ service, environmentOf, signal });
}
