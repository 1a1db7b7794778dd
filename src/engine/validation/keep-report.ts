import { MASK } from '../../config/mask-secrets.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { maskFile } from '../../platform/mask-file.ts';
import { moveFile } from '../../platform/move-file.ts';
import type { KeptReport } from './check-result.ts';

/** Moves a report to where it is kept, without secrets: before that nothing of it is there. */
export async function keepReport(
  { path: raw }: { readonly path: string },
  path: string,
  secretValues: readonly string[],
): Promise<KeptReport> {
  const isMasked = await maskFile(raw, secretValues, MASK);
  const { hex, bytes } = await digestFile(raw);
  await moveFile(raw, path);
  return { path, bytes, digest: `sha256:${hex}`, ...(isMasked && { isMasked }) };
}
