/** The file by which a tool judges what is vulnerable: whether it is another one than before, and how old it is. */
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { DatabaseDeclaration } from '../../core/validation/planned-validation.ts';
import type { Database } from '../../core/validation/criteria/freshness.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { isSystemError } from '../../platform/is-system-error.ts';

export interface DatabasePlace {
  /** What is checked. */
  readonly directory: string;
  readonly home: string | undefined;
}

/** Null when it is not there. */
export async function databaseDigest(
  { file }: DatabaseDeclaration,
  place: DatabasePlace,
): Promise<string | null> {
  return unlessMissing(async () => (await digestFile(pathOf(file, place))).hex);
}

/** One that is not there has no age either. */
export async function databaseAt(
  { file, field }: DatabaseDeclaration,
  place: DatabasePlace,
): Promise<Database> {
  const path = pathOf(file, place);
  const builtAtMs = await unlessMissing(async () => {
    if (field === undefined) return (await stat(path)).mtimeMs;
    return timeIn(await readFile(path, 'utf8'), field);
  });
  return { name: file, builtAtMs };
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

async function unlessMissing<Value>(look: () => Promise<Value>): Promise<Value | null> {
  try {
    return await look();
  } catch (error) {
    if (isSystemError(error) && NO_FILE.has(error.code)) return null;
    throw error;
  }
}

const NO_FILE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES']);
