/** Command and server must be of one version: both know the protocol of their own only. */
import type { StatusAnswer } from '../api/contract/answers.ts';
import { operationalError } from '../core/operational-error.ts';
import { packageVersion } from '../platform/package-version.ts';
import { escapeText } from './render/escape-text.ts';

export function refuseOtherVersion(status: StatusAnswer): void {
  const difference = versionDifference(status);
  if (difference !== null) throw operationalError('version-differs', difference);
}

/** One sentence; null when both are the same. */
export function versionDifference({ version }: Pick<StatusAnswer, 'version'>): string | null {
  const own = packageVersion();
  if (version === own) return null;
  return `The server is of version ${escapeText(version)}, this command of ${own}.`;
}
