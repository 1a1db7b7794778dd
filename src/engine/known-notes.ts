import type { Scope } from '../core/model/ids.ts';
import type { KnownNotes } from '../core/schema/schema-note.ts';
import { untilReachable } from '../store/database.ts';
import type { EngineContext } from './engine-context.ts';

/** Waits for a database that is away. */
export function knownNotes(
  { store, clock }: Pick<EngineContext, 'store' | 'clock'>,
  of: { readonly scope: Scope; readonly place: string },
  signal: AbortSignal,
): Promise<KnownNotes> {
  return untilReachable(() => store.findSchemaNotes(of), { clock, signal });
}
