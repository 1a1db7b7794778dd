import { rm, stat } from 'node:fs/promises';
import { MASK } from '../../config/mask-secrets.ts';
import { operationalError } from '../../core/operational-error.ts';
import { showSize } from '../../core/words/show-size.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { maskFile } from '../../platform/mask-file.ts';
import type { KeptReport } from './check-result.ts';

/** No honest report is as large, and to mask one takes as much again. */
const BYTES_MAX = 4 * 1024 ** 3;

/**
 * What a tool has written there, without secrets, by its digest; null when that is nothing. Throws `report-invalid` where
 * it is too large, and then it is gone.
 */
export async function keptReport(
  path: string,
  secretValues: readonly string[],
  bytesMax: number = BYTES_MAX,
): Promise<KeptReport | null> {
  try {
    await refuseLarge(path, bytesMax);
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

async function refuseLarge(path: string, bytesMax: number): Promise<void> {
  const { size } = await stat(path);
  if (size <= bytesMax) return;
  // Nobody has taken secrets out of it.
  await rm(path);
  throw operationalError(
    'report-invalid',
    `${path} had ${showSize(size)}, and a report may have ${showSize(bytesMax)}: it is not kept. Let the tool report less, or check in parts.`,
  );
}
