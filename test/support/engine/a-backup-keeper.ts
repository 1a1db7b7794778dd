/** Who keeps backups of a folder, by the real driver, keys and notes; time stands still but for what is taken. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { S3Place } from '../../../src/core/backup/s3-place.ts';
import { filesBackup } from '../../../src/drivers/backup/files/driver.ts';
import { keptBackups, type KeptWork } from '../../../src/engine/backup/kept-backups.ts';
import { listBackups } from '../../../src/engine/backup/list-backups.ts';
import { takeBackup } from '../../../src/engine/backup/take-backup.ts';
import { verifyBackup } from '../../../src/engine/backup/verify-backup.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const KEPT_SOURCE = 'production/newsroom/media';
const DAY_MS = 86_400_000;

/** `take` takes one two days after the last. */
export async function aBackupKeeper(
  t: TestContext,
  host: Readonly<Record<string, string>> = {},
  place: S3Place | null = null,
  folder = temporaryFolder(t),
) {
  const media = join(folder, 'media');
  mkdirSync(media, { recursive: true });
  writeFileSync(join(media, 'a.txt'), 'words');
  let nowMs = Date.parse('2026-05-01T10:00:00Z');
  const clock = { ...systemClock, wallMs: () => nowMs };
  /** Another process, which clears first what killed ones have left. */
  const next = async (environment = host): Promise<KeptWork> => {
    const { work } = await keptBackups(folder, {
      backup: filesBackup.connect({ path: media }, { stateDirectory: folder }),
      ...{ clock, signal: new AbortController().signal, host: environment, place },
    });
    return work;
  };
  const work = await next();
  const asked = { partsMin: 1, probe: null };
  const verify = (id: string, by = work) => verifyBackup(by, { source: KEPT_SOURCE, id }, asked);
  return {
    ...{ work, folder, verify, next, kept: join(folder, 'backups', KEPT_SOURCE) },
    async take(id: string, { isVerified = true, source = KEPT_SOURCE } = {}): Promise<void> {
      nowMs += 2 * DAY_MS;
      await takeBackup(work, { source, id, driver: 'files' });
      if (isVerified) await verifyBackup(work, { source, id }, asked);
    },
    list: (by = work) => listBackups(by, { source: KEPT_SOURCE, ageMaxMs: 100 * DAY_MS }),
  };
}

/** As if their owners had been killed. */
export function abandonNotes(folder: string): void {
  for (const name of readdirSync(folder).filter((found) => found.endsWith('.json'))) {
    const path = join(folder, name);
    const { made } = JSON.parse(readFileSync(path, 'utf8')) as { readonly made: unknown };
    writeFileSync(
      path,
      JSON.stringify({ owner: { pid: process.pid, startTime: 'another' }, made }),
    );
  }
}
