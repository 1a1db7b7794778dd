/** What a tool has written as its report, as it is: judged so, and kept nowhere. */
import { lstat, rm } from 'node:fs/promises';
import { operationalError } from '../../core/operational-error.ts';
import { showSize } from '../../core/words/show-size.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

export interface RawReport {
  readonly path: string;
  readonly bytes: number;
}

/** No honest report is as large, and to mask one takes as much again. */
export const REPORT_BYTES_MAX = 4 * 1024 ** 3;

/**
 * Null when there is none. Throws `report-invalid` for what is too large, and then it is gone, or is no file: to read a
 * pipe or a device never ends.
 */
export async function rawReport(
  path: string,
  bytesMax: number = REPORT_BYTES_MAX,
): Promise<RawReport | null> {
  const found = await unlessMissing(lstat(path));
  if (found === null) return null;
  if (!found.isFile()) {
    const message = 'Where its report should be is no file, but a folder, a link or a device.';
    throw operationalError('report-invalid', message);
  }
  const { size: bytes } = found;
  if (bytes <= bytesMax) return { path, bytes };
  await rm(path);
  throw operationalError(
    'report-invalid',
    `It had ${showSize(bytes)}, and a report may have ${showSize(bytesMax)}: it is not kept. Let the tool report less, or check in parts.`,
  );
}
