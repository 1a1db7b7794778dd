/** Takes what is due of all services, one after the other, and tries it out; what became of it is in the audit log. */
import { scheduledBackups } from '../../core/backup/scheduled-backups.ts';
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import type { AuditBody } from '../../core/audit/audit-entry.ts';
import { formatDuration } from '../../core/model/duration.ts';
import type { Scope } from '../../core/model/ids.ts';
import { failureIn } from '../../core/failure-in.ts';
import { failureOf, type Failure } from '../../core/failures.ts';
import { serviceOf } from '../../core/plan/service-of.ts';
import { elapsedMs } from '../../platform/clock.ts';
import type { EngineContext } from '../engine-context.ts';
import { ENGINE_ACTOR } from '../perform-command.ts';
import { recordedEnvironment } from '../recorded-environment.ts';
import { notVerified } from './not-verified.ts';
import type { SecuredBackup } from './secure-backup.ts';

/** In the ids of what nobody has asked for. */
const BY = 'scheduled';
/** Behind one that has failed. */
const AGAIN_AFTER_MS = 15 * 60_000;

export interface DueBackups {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'work'>;
  /** When each has failed last; kept from one look to the next. */
  readonly failedNs: Map<string, bigint>;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Again is as once: what is there is not due. A service that is being deployed is left alone, as its deployment takes what it
 * needs. Throws what the store throws, and what the signal says.
 */
export async function takeDueBackups(due: DueBackups): Promise<void> {
  const { store, lock } = due.engine;
  for (const { scope, deployment } of await store.listLatestByScope()) {
    if (deployment.status === 'running') continue;
    // What was gone back to, or repaired, has the same data, and its plan says nothing of them.
    const query = { scope, status: 'promoted', kind: 'deploy', limit: 1 } as const;
    const [deploy] = await store.listDeployments(query);
    if (!deploy) continue;
    for (const backup of scheduledBackups(serviceOf(deploy.plan, scope))) {
      if (lock.isHeld()) await takeIfDue(due, scope, backup);
    }
  }
}

async function takeIfDue(due: DueBackups, scope: Scope, backup: PlannedBackup): Promise<void> {
  const { engine, failedNs, signal } = due;
  const key = `${scope}/${backup.name}`;
  const failed = failedNs.get(key);
  if (failed !== undefined && elapsedMs(engine.clock, failed) < AGAIN_AFTER_MS) return;
  failedNs.delete(key);
  const body = await becomeOf(due, scope, backup);
  signal.throwIfAborted();
  if (body?.kind === 'BackupFailed') failedNs.set(key, engine.clock.monotonicNs());
  if (body === null) return;
  await engine.store.appendAudit([
    { scope, deployment: null, actor: ENGINE_ACTOR, key: null, body },
  ]);
}

/** Null when none was due. */
async function becomeOf(
  { engine, progress, signal }: DueBackups,
  scope: Scope,
  backup: PlannedBackup,
): Promise<AuditBody | null> {
  const box = engine.clock.deadline(backup.timeBoxMs);
  try {
    const ended = AbortSignal.any([signal, box.signal]);
    const packed = await recordedEnvironment(engine, backup.configDigest, ended);
    const call = { scope, backup, by: BY, packed, progress, signal: ended };
    const secured = await engine.work.secureBackup(call);
    box.signal.throwIfAborted();
    return secured.kind === 'there' ? null : bodyOf(backup.name, secured);
  } catch (error) {
    signal.throwIfAborted();
    const failure = box.hasPassed() ? lateBy(backup) : failureIn(error);
    return { kind: 'BackupFailed', backup: backup.name, failure };
  } finally {
    box.release();
  }
}

function bodyOf(backup: string, secured: Extract<SecuredBackup, { kind: 'taken' }>): AuditBody {
  const { id, sealed, takenAt } = secured.manifest;
  const details = { id, digest: sealed.digest, takenAt };
  return secured.verification.isPassed
    ? { kind: 'BackupVerified', backup, ...details }
    : { kind: 'BackupFailed', backup, failure: notVerified(secured, details) };
}

function lateBy({ name, timeBoxMs }: PlannedBackup): Failure {
  const message = `The backup ${name} was not taken and tried out within ${formatDuration(timeBoxMs)}.`;
  return failureOf('deadline-passed', message);
}
