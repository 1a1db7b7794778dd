/**
 * What a keeper knows of its children, on disk: a new keeper adopts them from it, and `down` finds
 * them without a keeper.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';
import type { StateDirectory } from './state-directory.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const identitySchema = z.object({ pid: z.int().positive(), startTime: z.string() });

const recordSchema = z.object({
  keeper: identitySchema,
  /** In the order of their start; they are stopped in the reverse one. */
  roles: z.array(
    z.object({
      name: z.string(),
      process: identitySchema.nullable(),
      restarts: z.int(),
      /** RFC 3339, when the process was started. */
      since: z.string(),
    }),
  ),
});

export type KeeperRecord = z.infer<typeof recordSchema>;
export type RoleRecord = KeeperRecord['roles'][number];

/** Null when no keeper ever ran here, or the last one stopped everything. */
export function readKeeperRecord(directory: StateDirectory): KeeperRecord | null {
  let text: string;
  try {
    text = readFileSync(directory.keeperFile, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw operationalError('state-directory-unusable', `${directory.keeperFile} is damaged.`, {
      cause: error,
    });
  }
}

/** Synchronous: a child must not do anything before its record is on the disk. */
export function writeKeeperRecord(directory: StateDirectory, record: KeeperRecord): void {
  writeFileAtomically(directory.keeperFile, `${JSON.stringify(record, null, 2)}\n`);
}
