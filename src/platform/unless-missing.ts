import { isSystemError } from './is-system-error.ts';

const NOTHING_THERE = ['ENOENT', 'ENOTDIR'];

/** What a look at a path gives; null where nothing is there, or where it ends with one of `others`. */
export async function unlessMissing<Value>(
  look: Promise<Value>,
  others: readonly string[] = [],
): Promise<Value | null> {
  try {
    return await look;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if ([...NOTHING_THERE, ...others].includes(String(error.code))) return null;
    throw error;
  }
}
