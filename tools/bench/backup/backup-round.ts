/** Takes one backup and verifies it, and says how long each part took and what memory. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pgBaseBackup } from '../../../src/drivers/backup/pg-base/driver.ts';
import type { Backup, Restored, Taken } from '../../../src/drivers/contract.ts';
import { takeBackup, type BackupWork } from '../../../src/engine/backup/take-backup.ts';
import { verifyBackup } from '../../../src/engine/backup/verify-backup.ts';
import { KEY_BYTES } from '../../../src/platform/chunk-cipher.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { folderBlobs } from '../../../src/platform/folder-blobs.ts';
import type { RoundFigures, RoundPart } from './measure-rounds.ts';

type Parts = Partial<Record<RoundPart, number>>;

const place = { source: 'bench/database/main', id: 'b1' };

export async function backupRound(
  url: string,
  kept: string,
  programs: string | undefined,
): Promise<RoundFigures> {
  const parts: Parts = {};
  const config = pgBaseBackup.config.parse({ url, programs });
  const work: BackupWork = {
    backup: timed(pgBaseBackup.connect(config, { stateDirectory: kept }), parts),
    store: folderBlobs(kept),
    ring: { keys: [{ id: 'bench', key: randomBytes(KEY_BYTES) }] },
    clock: systemClock,
    signal: new AbortController().signal,
    noted: (_place, doIt) => doIt(),
    using: (_place, doIt) => doIt(),
  };
  const startedMs = performance.now();
  const manifest = await takeBackup(work, { ...place, driver: 'pg-base' });
  const { isPassed, criteria } = await verifyBackup(work, place, { partsMin: 5, probe: null });
  const totalMs = performance.now() - startedMs;
  if (!isPassed) throw new Error(`The backup is not verified: ${JSON.stringify(criteria)}`);
  return { totalMs, parts, bytes: manifest.plain.bytes, peakMib: await peakMib() };
}

function timed(backup: Backup, parts: Parts): Backup {
  return {
    async take(context) {
      const beganMs = performance.now();
      return timedTaken(await backup.take(context), parts, beganMs);
    },
    restore: (content, context) =>
      took(parts, 'restored', async () =>
        timedRestored(await backup.restore(content, context), parts),
      ),
  };
}

function timedTaken(taken: Taken, parts: Parts, beganMs: number): Taken {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* taken.content;
    parts.copied = performance.now() - beganMs;
  }
  return { ...taken, content: content(), parts: () => took(parts, 'counted', () => taken.parts()) };
}

function timedRestored(restored: Restored, parts: Parts): Restored {
  return {
    ...restored,
    parts: () => took(parts, 'counted again', () => restored.parts()),
    faults: () => took(parts, 'looked through', () => restored.faults()),
  };
}

async function took<Found>(
  parts: Parts,
  part: RoundPart,
  work: () => Promise<Found>,
): Promise<Found> {
  const beganMs = performance.now();
  const found = await work();
  parts[part] = performance.now() - beganMs;
  return found;
}

/** What `getrusage` says begins with what the parent had. */
async function peakMib(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return (kib === undefined ? process.resourceUsage().maxRSS : Number(kib)) / 1_024;
}
