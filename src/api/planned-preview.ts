import type { PlannedBackup } from '../core/backup/planned-backup.ts';
import type { PlannedPreview } from '../core/validation/planned-validation.ts';
import type { ServiceRequest } from './contract/deploy-request.ts';

type RequestedPreview = NonNullable<NonNullable<ServiceRequest['validation']>['preview']>;

/** Without what may be secret, and with what its database is restored by, also where nothing is secured before a deployment. */
export function plannedPreview(
  { env: _kept, ...preview }: RequestedPreview,
  backups: readonly PlannedBackup[],
): PlannedPreview {
  const backup = backups.find(({ name }) => name === preview.database?.backup);
  if (!backup) return preview;
  const { name, driver, configDigest } = backup;
  return { ...preview, restored: { name, driver, configDigest } };
}
