/** Tries a backup out: restored into a place of its own it must hold what was there when it was taken. */
import {
  probeCriterion,
  verificationCriteria,
  type RestoredFacts,
} from '../../core/backup/verification.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { outcomeOf } from '../../core/validation/judge-report.ts';
import type { Restored } from '../../drivers/contract.ts';
import { unverifiableBy } from '../../platform/unverifiable-by.ts';
import { putText } from '../../platform/text-blobs.ts';
import { verificationPath, type BackupPlace } from './backup-files.ts';
import { sealVerification, type BackupVerification, type OpenBackup } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import type { ProbeRestored } from './probe-restored.ts';
import { restoreBackup } from './restore-backup.ts';
import type { BackupWork } from './take-backup.ts';

export interface VerifyAsked {
  readonly partsMin: number;
  /** The application's own; null without one. */
  readonly probe: ProbeRestored | null;
}

/**
 * What it shows is kept beside the backup. Throws for what says nothing of it, and leaves what is known of it as it was:
 * a full disk, a key that is missing, `backup-damaged` where not even its manifest can be believed.
 */
export function verifyBackup(
  work: BackupWork,
  place: BackupPlace,
  asked: VerifyAsked,
): Promise<BackupVerification> {
  return work.using(place, () => verifyNow(work, place, asked));
}

async function verifyNow(
  work: BackupWork,
  place: BackupPlace,
  asked: VerifyAsked,
): Promise<BackupVerification> {
  const { store, clock } = work;
  const startedAt = new Date(clock.wallMs()).toISOString();
  const open = await openBackup(work, place);
  const { criteria, said } = await lookedAt(work, open, asked);
  const verification: BackupVerification = {
    ...{ format: 1, sealed: open.manifest.sealed.digest, startedAt },
    ...{ isPassed: outcomeOf(criteria) === 'PASS', criteria: [...criteria] },
    ...(said !== null && { said }),
    endedAt: new Date(clock.wallMs()).toISOString(),
  };
  await work.noted(place, () =>
    putText(store, verificationPath(place), sealVerification(verification, open.key)),
  );
  return verification;
}

interface LookedAt {
  readonly criteria: readonly Criterion[];
  /** By the application's probe; null where it was not asked. */
  readonly said: string | null;
}

async function lookedAt(
  work: BackupWork,
  open: OpenBackup,
  { partsMin, probe }: VerifyAsked,
): Promise<LookedAt> {
  let restored: Restored;
  try {
    restored = await restoreBackup(work, open);
  } catch (error) {
    return { criteria: [notRestored(error)], said: null };
  }
  try {
    // Compared first: an application may change what it is asked about.
    const criteria = await restoredCriteria(restored, open, { partsMin });
    if (!probe || outcomeOf(criteria) !== 'PASS') return { criteria, said: null };
    const answer = await probe(restored);
    return { criteria: [...criteria, probeCriterion(answer)], said: answer.said };
  } catch (error) {
    return { criteria: [notRestored(unverifiableBy(error))], said: null };
  } finally {
    await restored.remove();
  }
}

/** Whether what was restored, wherever it is, is what was taken. */
export async function restoredCriteria(
  restored: Pick<Restored, 'parts' | 'faults'>,
  { manifest }: OpenBackup,
  { partsMin }: Pick<RestoredFacts, 'partsMin'>,
): Promise<readonly Criterion[]> {
  const [parts, faults] = await Promise.all([restored.parts(), restored.faults()]);
  return verificationCriteria({
    ...{ taken: manifest.parts, restored: parts, faults, partsMin },
  });
}

/** Rethrows what says nothing of the backup. */
function notRestored(error: unknown): Criterion {
  const code = error instanceof OperationalError ? error.failure.code : null;
  if (code !== 'backup-damaged' && code !== 'backup-missing') throw error;
  const { message } = error as OperationalError;
  return { what: 'it can be restored', observed: message, limit: 'yes', state: 'unmet' };
}
