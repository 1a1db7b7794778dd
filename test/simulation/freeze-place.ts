/** People who freeze the place of a run's deployment and lift that again, as the API writes it down. */
import { placeName, type Freeze } from '../../src/core/deployment/freeze.ts';
import type { NewAuditEntry } from '../../src/store/audit-store.ts';
import { ask } from './ask.ts';
import type { RunParts } from './simulated-run.ts';

const EVE = { actor: 'local:eve', reason: 'audit' } as const;

/** All of its environment, or its service only; until somebody lifts it when no time is said. */
export function beginFreeze(
  { plan, store }: Pick<RunParts, 'plan' | 'store'>,
  { service = null, until = null }: Partial<Pick<Freeze, 'service' | 'until'>> = {},
): Freeze {
  const asked = { ...EVE, environment: plan.environment, service, until };
  const [freeze] = store.addFreezes([asked], (began) =>
    entryOf(began, { kind: 'FreezeBegan', freeze: began }),
  );
  if (freeze === undefined) throw new Error('Nothing was frozen.');
  return freeze;
}

export function liftFreeze({ store }: Pick<RunParts, 'store'>, { id }: Freeze): void {
  store.liftFreezes([id], (freeze) =>
    entryOf(freeze, { kind: 'FreezeLifted', freeze, reason: 'done' }),
  );
}

function entryOf(freeze: Freeze, body: NewAuditEntry['body']): NewAuditEntry {
  return { scope: placeName(freeze), deployment: null, actor: EVE.actor, key: null, body };
}

const BY_ITSELF_OF = 4;
const OVERRIDDEN_OF = 3;

/**
 * For a time: some are lifted then and some end by themselves, and of all of them some are overridden
 * before, or when they are over.
 */
export function freezeFor(parts: RunParts, ms: number): void {
  const { plan, time, random } = parts;
  const service = random.below(2) === 0 ? null : plan.services[0].service;
  const endsByItself = random.below(BY_ITSELF_OF) === 0;
  const until = endsByItself ? new Date(time.nowMs() + ms).toISOString() : null;
  const freeze = beginFreeze(parts, { service, until });
  if (!endsByItself) time.after(ms, () => liftFreeze(parts, freeze));
  if (random.below(OVERRIDDEN_OF) > 0) return;
  const request = { ...EVE, kind: 'resume', override: true } as const;
  time.after(random.below(ms * 2), () => ask(parts, request));
}
