/** The digest of the release that is checked, for reports that people have signed of that alone. */
import { OperationalError } from '../core/operational-error.ts';
import type { NamedCheck } from '../engine/validation/run-check.ts';
import { digestArtifact } from '../platform/artifact-digest.ts';

/** Null when no check asks for it, and of what is not built yet: what names a digest shows nothing then. */
export async function digestForSigned(
  checks: readonly NamedCheck[],
  path: string | null,
): Promise<string | null> {
  if (path === null || !checks.some(({ reader }) => reader?.rule.subject === 'signed')) return null;
  try {
    return (await digestArtifact(path)).digest;
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}
