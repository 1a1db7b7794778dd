/** The file by which a tool judges what is vulnerable: whether it is another one than before, and how old it is. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { OperationalError } from '../../core/operational-error.ts';
import type { DatabaseDeclaration } from '../../core/validation/planned-validation.ts';
import type { Database } from '../../core/validation/criteria/freshness.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { readPlainFile } from '../../platform/read-plain-file.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

export interface DatabasePlace {
  /** What is checked. */
  readonly directory: string;
  readonly home: string | undefined;
}

/** Those that say when they were made are short. */
const FIELD_BYTES_MAX = 16 * 1024 * 1024;

/** Null when it is not there, is no file, or `signal` says that nobody waits for it any longer. */
export async function databaseDigest(
  { file }: DatabaseDeclaration,
  place: DatabasePlace,
  signal: AbortSignal,
): Promise<string | null> {
  const found = await unlessUnreadable(digestFile(pathOf(file, place), signal), signal);
  return found?.hex ?? null;
}

/** One that is not there has no age either. */
export async function databaseAt(
  { file, field }: DatabaseDeclaration,
  place: DatabasePlace,
): Promise<Database> {
  const path = pathOf(file, place);
  if (field === undefined) {
    const found = await unlessUnreadable(stat(path));
    return { name: file, builtAtMs: found?.isFile() ? found.mtimeMs : null };
  }
  const text = await unlessUnreadable(readPlainFile(path, FIELD_BYTES_MAX));
  return { name: file, builtAtMs: text === null ? null : timeIn(text.toString('utf8'), field) };
}

function pathOf(file: string, { directory, home }: DatabasePlace): string {
  if (file.startsWith('~/') && home !== undefined) return join(home, file.slice(2));
  return isAbsolute(file) ? file : join(directory, file);
}

/** Null when it does not say. */
function timeIn(text: string, field: string): number | null {
  try {
    const found: unknown = JSON.parse(text);
    const value = typeof found === 'object' ? Object.entries(found ?? {}) : [];
    const [, time] = value.find(([key]) => key === field) ?? [];
    const ms = typeof time === 'string' ? Date.parse(time) : NaN;
    return Number.isNaN(ms) ? null : ms;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What cannot be read as a file has neither content nor age. */
async function unlessUnreadable<Value>(
  read: Promise<Value>,
  signal?: AbortSignal,
): Promise<Value | null> {
  try {
    return await unlessMissing(read, ['EACCES', 'ENXIO']);
  } catch (error) {
    if (error instanceof OperationalError || signal?.aborted) return null;
    throw error;
  }
}
