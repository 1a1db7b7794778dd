/** How long it takes to take a backup and to verify it, and in what memory; each time in a new process. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** In the order in which they come. */
export const roundParts = [
  'copied',
  'counted',
  'restored',
  'counted again',
  'looked through',
] as const;

export type RoundPart = (typeof roundParts)[number];

export interface RoundFigures {
  readonly totalMs: number;
  readonly parts: Readonly<Partial<Record<RoundPart, number>>>;
  /** Of what was taken, before it was encrypted. */
  readonly bytes: number;
  readonly peakMib: number;
}

const roundMain = new URL('./backup-round-main.ts', import.meta.url).pathname;

/** `programs`: PostgreSQL's of the server's version; null for those that Surefoot brings. */
export async function measureRound(url: string, programs: string | null): Promise<RoundFigures> {
  const kept = await mkdtemp(join(tmpdir(), 'sf-b-'));
  try {
    const args = [roundMain, url, kept, ...(programs === null ? [] : [programs])];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout) as RoundFigures;
  } finally {
    await rm(kept, { recursive: true, force: true });
  }
}
