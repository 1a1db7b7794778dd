import { MASK } from '../../config/mask-secrets.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { maskFile } from '../../platform/mask-file.ts';
import type { KeptReport } from './check-result.ts';

/** What a tool has written there, without secrets, by its digest; null when that is nothing. */
export async function keptReport(
  path: string,
  secretValues: readonly string[],
): Promise<KeptReport | null> {
  try {
    await maskFile(path, secretValues, MASK);
    const { hex, bytes } = await digestFile(path);
    return { path, bytes, digest: `sha256:${hex}` };
  } catch (error) {
    if (isSystemError(error) && NO_FILE.has(error.code)) return null;
    throw error;
  }
}

/** A tool may have made a folder of that name. */
const NO_FILE: ReadonlySet<unknown> = new Set(['ENOENT', 'EISDIR']);
