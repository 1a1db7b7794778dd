import { copyFile, rename, rm } from 'node:fs/promises';
import { isSystemError } from './is-system-error.ts';

/** Also to another disk; what is there already is replaced. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
