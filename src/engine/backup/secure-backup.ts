/** Sees to it that a verified backup is there that is young enough: one that was taken before, or a new one. */
import { takeBackup, type BackupWork } from './take-backup.ts';
import { verifyBackup, type VerifyAsked } from './verify-backup.ts';
import { listBackups } from './list-backups.ts';
import type { BackupManifest, BackupVerification } from './manifest.ts';

/** Which backup of a source will do. */
export interface BackupWanted {
  readonly source: string;
  readonly ageMaxMs: number;
  /** Who takes one, if none is there: a part of its id. */
  readonly by: string;
  /** Only one that was taken by just them will do. */
  readonly isOwn: boolean;
}

export interface BackupAsked extends BackupWanted {
  readonly driver: string;
  readonly partsMin: number;
  readonly probe: VerifyAsked['probe'];
  /** Tells what is done; in one line. */
  readonly progress: (text: string) => void;
}

export type SecuredBackup =
  | { readonly kind: 'there'; readonly manifest: BackupManifest; readonly verifiedAt: string }
  | {
      readonly kind: 'taken';
      readonly manifest: BackupManifest;
      /** It may not have passed: then nothing is secured. */
      readonly verification: BackupVerification;
    };

/** Again is as once: what was verified the time before is there. Throws what taking and verifying throw. */
export async function secureBackup(work: BackupWork, asked: BackupAsked): Promise<SecuredBackup> {
  const { source, driver, partsMin, probe, by, progress } = asked;
  const there = await verifiedBackup(work, asked);
  if (there) return { kind: 'there', ...there };
  const id = `${newBackupId(work.clock.wallMs())}-${by}`;
  progress(`${source}: ${id} is being taken`);
  const manifest = await takeBackup(work, { id, source, driver });
  progress(`${source}: ${id} is being tried out`);
  const verification = await verifyBackup(work, { source, id }, { partsMin, probe });
  return { kind: 'taken', manifest, verification };
}

/** The newest that will do. */
export async function verifiedBackup(
  work: BackupWork,
  { source, ageMaxMs, by, isOwn }: BackupWanted,
): Promise<{ readonly manifest: BackupManifest; readonly verifiedAt: string } | null> {
  for (const listed of await listBackups(work, { source, ageMaxMs })) {
    if (listed.kind !== 'readable' || listed.state !== 'VERIFIED') continue;
    const { id, manifest, verifiedAt } = listed;
    if (verifiedAt === null || (isOwn && !id.endsWith(`-${by}`))) continue;
    return { manifest, verifiedAt };
  }
  return null;
}

/** Backups are in the order of their ids. */
export function newBackupId(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
}
