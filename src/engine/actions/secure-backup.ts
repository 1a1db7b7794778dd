/** Has a verified backup that is young enough, or says why there is none. */
import { invariant } from '../../core/invariant.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { notVerified } from '../backup/not-verified.ts';
import type { SecuredBackup } from '../backup/secure-backup.ts';

export async function secureBackup(context: ActionContext, name: string): Promise<ActionResult> {
  const { plan, service, signal, progress } = context;
  const planned = service.backups?.find((each) => each.name === name);
  invariant(planned, 'only a backup of the plan is secured');
  // What comes first of all may have nothing to lose yet.
  const backup = service.stable ? planned : { ...planned, partsMin: 0 };
  const packed = await context.environmentOf(backup.configDigest);
  const secured = await context.work.secureBackup({
    ...{ scope: service.scope, backup, by: plan.id, packed, progress, signal },
  });
  signal.throwIfAborted();
  const { id, takenAt } = secured.manifest;
  const details = recorded(secured);
  if (secured.kind === 'there') {
    return ok(`${id} of ${name}, of ${takenAt}, is verified since ${secured.verifiedAt}.`, {
      details,
    });
  }
  if (secured.verification.isPassed) {
    return ok(`${id} of ${name} was taken and is verified.`, { details });
  }
  return { kind: 'failed', failure: notVerified(secured, details) };
}

/** The record names the backup's content by its digest. */
function recorded(secured: SecuredBackup): Record<string, unknown> {
  const { id, source, driver, server, takenAt, sealed, parts } = secured.manifest;
  return {
    ...{ id, source, driver, server, takenAt, digest: sealed.digest, bytes: sealed.bytes },
    parts: parts.length,
    ...(secured.kind === 'there'
      ? { verifiedAt: secured.verifiedAt }
      : { verifiedAt: secured.verification.endedAt, criteria: secured.verification.criteria }),
  };
}
