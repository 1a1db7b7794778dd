import { failureOf, type Failure } from '../../core/failures.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import type { SecuredBackup } from './secure-backup.ts';

/** Of one that was taken and has not passed. */
export function notVerified(
  { manifest, verification }: Extract<SecuredBackup, { kind: 'taken' }>,
  details: Record<string, unknown>,
): Failure {
  const unmet = verification.criteria.filter(({ state }) => state !== 'met');
  const why = unmet.map(criterionSentence).join('; ');
  const message = `${manifest.id} of ${manifest.source} is not verified: ${why}.`;
  return failureOf('backup-not-verified', message, { details });
}
