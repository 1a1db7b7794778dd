/** Freezes places and lifts freezes, each on record with who asked and why. */
import { placeName, type Freeze, type Place } from '../core/deployment/freeze.ts';
import { operationalError } from '../core/operational-error.ts';
import type { NewAuditEntry } from '../store/audit-store.ts';
import type { EngineContext } from './engine-context.ts';

interface Intent {
  readonly actor: string;
  readonly reason: string;
}

/** All of them, or none. Deployments that run there begin nothing further from then on. */
export async function freezePlaces(
  { store, clock }: Pick<EngineContext, 'store' | 'clock'>,
  places: readonly Place[],
  { actor, reason, until }: Intent & { readonly until: string | null },
): Promise<readonly Freeze[]> {
  if (until !== null && Date.parse(until) <= clock.wallMs()) {
    throw operationalError('request-invalid', `until: ${until} is not in the future.`);
  }
  const end = until === null ? null : new Date(until).toISOString();
  const asked = places.map(({ environment, service }) => ({
    ...{ environment, service, actor, reason, until: end },
  }));
  return store.addFreezes(asked, (freeze) =>
    entryOf(freeze, actor, { kind: 'FreezeBegan', freeze }),
  );
}

/** All of those numbers that are in force; refused when none of them is. */
export async function liftFreezes(
  { store }: Pick<EngineContext, 'store'>,
  ids: readonly number[],
  { actor, reason }: Intent,
): Promise<readonly Freeze[]> {
  const lifted = await store.liftFreezes(ids, (freeze) =>
    entryOf(freeze, actor, { kind: 'FreezeLifted', freeze, reason }),
  );
  if (lifted.length > 0) return lifted;
  throw operationalError('not-found', `No freeze ${ids.join(' or ')} is in force.`);
}

function entryOf(freeze: Freeze, actor: string, body: NewAuditEntry['body']): NewAuditEntry {
  return { scope: placeName(freeze), deployment: null, actor, key: null, body };
}
