/** Keeps the logs that are due of all services, one after the other; that one could not be kept is in the audit log, once. */
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import { failureIn } from '../../core/failure-in.ts';
import type { Scope } from '../../core/model/ids.ts';
import { serviceOf } from '../../core/plan/service-of.ts';
import { elapsedMs } from '../../platform/clock.ts';
import type { EngineContext } from '../engine-context.ts';
import { ENGINE_ACTOR } from '../perform-command.ts';
import { recordedEnvironment } from '../recorded-environment.ts';

/** A log is due so long before it is too far behind. */
const AHEAD_MS = 60_000;

export interface LogTurns {
  /** When each was kept last. */
  readonly keptNs: Map<string, bigint>;
  /** What each fails with since it was. */
  readonly failing: Map<string, string>;
}

export interface DueLogs extends LogTurns {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'work'>;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** While a service is deployed, too. Throws what the store throws, and what the signal says. */
export async function copyDueLogs(due: DueLogs): Promise<void> {
  const { store, lock } = due.engine;
  for (const { scope } of await store.listLatestByScope()) {
    const query = { scope, status: 'promoted', kind: 'deploy', limit: 1 } as const;
    const [deploy] = await store.listDeployments(query);
    for (const backup of (deploy && serviceOf(deploy.plan, scope).backups) ?? []) {
      if (backup.logWithinMs !== undefined && lock.isHeld()) await copyIfDue(due, scope, backup);
    }
  }
}

async function copyIfDue(due: DueLogs, scope: Scope, backup: PlannedBackup): Promise<void> {
  const { engine, keptNs, failing, progress, signal } = due;
  const { clock, work } = engine;
  const key = `${scope}/${backup.name}`;
  const last = keptNs.get(key);
  const dueMs = Math.max(0, (backup.logWithinMs ?? 0) - AHEAD_MS);
  if (last !== undefined && elapsedMs(clock, last) < dueMs) return;
  const nowNs = clock.monotonicNs();
  const box = clock.deadline(backup.timeBoxMs);
  try {
    const ended = AbortSignal.any([signal, box.signal]);
    const packed = await recordedEnvironment(engine, backup.configDigest, ended);
    const kept = await work.copyLog({ scope, backup, by: 'scheduled', packed, signal: ended });
    keptNs.set(key, nowNs);
    if (failing.delete(key) || kept.isNew) progress(`${key}: the log is kept until ${kept.until}`);
  } catch (error) {
    signal.throwIfAborted();
    await recordFailure(due, scope, { backup: backup.name, error });
  } finally {
    box.release();
  }
}

/** Again and again it is the same failure. */
async function recordFailure(
  { engine, failing }: DueLogs,
  scope: Scope,
  { backup, error }: { readonly backup: string; readonly error: unknown },
): Promise<void> {
  const key = `${scope}/${backup}`;
  const failure = failureIn(error);
  if (failing.get(key) === failure.code) return;
  failing.set(key, failure.code);
  const message = `Its log is not kept: ${failure.message}`;
  const body = { kind: 'BackupFailed', backup, failure: { ...failure, message } } as const;
  await engine.store.appendAudit([
    { scope, deployment: null, actor: ENGINE_ACTOR, key: null, body },
  ]);
}
