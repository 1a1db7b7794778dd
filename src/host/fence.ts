/**
 * Lets commands through in the order of their tokens. The newest token of a scope is on disk before
 * its command acts, so that a command from before a crash cannot act after a newer one.
 */
import { compareTokens, type FencingToken } from '../core/model/fencing-token.ts';
import type { Scope } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import { canonicalDigest } from '../platform/canonical-digest.ts';
import type { ScopeRecord } from './host-records.ts';
import type { RecordStore } from './record-store.ts';
import { createSerialQueue } from './serial-queue.ts';

export interface Fence {
  /** Throws `token-fenced` for an older token, `token-conflict` for the newest with another command. */
  admit(scope: Scope, token: FencingToken, command: unknown): Promise<void>;
  newestToken(scope: Scope): FencingToken | null;
}

export async function openFence(store: RecordStore): Promise<Fence> {
  const records = new Map<Scope, ScopeRecord>();
  for (const record of await store.loadScopes()) records.set(record.scope, record);
  const serial = createSerialQueue();

  async function admit(scope: Scope, token: FencingToken, command: unknown): Promise<void> {
    const digest = canonicalDigest(command);
    const newest = records.get(scope);
    const order = newest ? compareTokens(token, newest.token) : 1;
    if (newest && order < 0) {
      throw operationalError(
        'token-fenced',
        `Token ${textOf(token)} is older than ${textOf(newest.token)}, the newest of ${scope}.`,
        { details: { token, newest: newest.token } },
      );
    }
    if (newest && order === 0) {
      if (digest === newest.command) return;
      throw operationalError(
        'token-conflict',
        `Token ${textOf(token)} of ${scope} came before with another command.`,
        { details: { token } },
      );
    }
    const record = { scope, token, command: digest };
    await store.saveScope(record);
    records.set(scope, record);
  }

  return {
    admit: (scope, token, command) => serial(() => admit(scope, token, command)),
    newestToken: (scope) => records.get(scope)?.token ?? null,
  };
}

function textOf(token: FencingToken): string {
  return `${token.deployment}.${token.sequence}`;
}
