import { withLogReach } from '../../engine/backup/kept-log.ts';
import { listBackups } from '../../engine/backup/list-backups.ts';
import { newBackupId } from '../../engine/backup/secure-backup.ts';
import { pruneBehind } from '../../engine/backup/prune-backups.ts';
import { takeBackup } from '../../engine/backup/take-backup.ts';
import { verifyBackup } from '../../engine/backup/verify-backup.ts';
import { addBackupDiscard } from '../backup-discard.ts';
import { addBackupLog } from '../backup-log.ts';
import { addBackupRestore } from '../backup-restore.ts';
import { addBackupUpkeep } from '../backup-upkeep.ts';
import {
  allBackups,
  meantBackup,
  ofService,
  type BackupOptions,
  type MeantBackup,
} from '../backup-work.ts';
import type { CliSession, RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { backupLines, verificationLines, type SourceListing } from '../render/backup-lines.ts';
import { jsonLine } from '../render/escape-text.ts';

interface OfOneOptions extends BackupOptions {
  readonly name?: string;
}

/** Takes what a service declares under `backups`, tries it out, and brings it back beside what runs; needs no server. */
export const registerBackup: RegisterCommand = (program, perform) => {
  const backup = program
    .command('backup')
    .description('take, try out and bring back what a service must not lose');

  perform<BackupOptions>(
    ofService(
      backup
        .command('take')
        .argument('[name]', 'which of its backups')
        .description('take one, and verify it by restoring it'),
    ),
    async (session, options, [name]) => {
      const meant = await meantBackup(session, options, name);
      const id = newBackupId(meant.work.clock.wallMs());
      const { source, choice } = meant;
      await takeBackup(meant.work, { id, source, driver: choice.driver });
      session.output.progress(`${source}: ${id} is taken, and is being tried out.`);
      return verified(session, meant, id);
    },
  );

  perform<OfOneOptions>(
    ofService(
      backup
        .command('verify')
        .argument('<id>', 'as `backup list` shows it')
        .description('restore one into a place of its own and compare'),
      true,
    ),
    async (session, options, [id = '']) =>
      verified(session, await meantBackup(session, options, options.name), id),
  );

  perform<BackupOptions>(
    ofService(
      backup
        .command('list')
        .argument('[name]', 'which of its backups; all that are declared without')
        .description('show what is kept, and what each is worth until when'),
    ),
    async (session, options, [name]) => {
      const meant =
        name === undefined
          ? await allBackups(session, options)
          : [await meantBackup(session, options, name)];
      const listings = await listingsOf(meant);
      const { flags, output } = session;
      if (flags.json) output.result(jsonLine(listingsData(listings)));
      else output.result(...backupLines(listings, output.columns));
      return exitCode.done;
    },
  );

  addBackupLog(backup, perform);
  addBackupRestore(backup, perform);
  addBackupDiscard(backup, perform);
  addBackupUpkeep(backup, perform);
};

async function listingsOf(meant: readonly MeantBackup[]): Promise<readonly SourceListing[]> {
  const listings: SourceListing[] = [];
  for (const { work, source, choice } of meant) {
    const { age: ageMaxMs, driver } = choice;
    const listed = await listBackups(work, { source, ageMaxMs });
    const backups = await withLogReach(work, source, listed);
    listings.push({ source, driver, ageMaxMs, backups });
  }
  return listings;
}

/** The same whether one is named or none: all backups in one list. */
function listingsData(listings: readonly SourceListing[]) {
  return {
    declared: listings.map(({ source, driver, ageMaxMs, backups }) => ({
      ...{ source, driver, ageMaxMs, kept: backups.length },
      verified: backups.filter((each) => each.kind === 'readable' && each.state === 'VERIFIED')
        .length,
    })),
    backups: listings.flatMap(({ source, backups }) =>
      backups.map((backup) => ({ source, ...backup })),
    ),
  };
}

async function verified(session: CliSession, meant: MeantBackup, id: string): Promise<number> {
  const { work, source, choice, probe } = meant;
  const asked = { partsMin: choice.parts, probe };
  const verification = await verifyBackup(work, { source, id }, asked);
  const { flags, output } = session;
  if (flags.json) output.result(jsonLine({ source, id, verification }));
  else output.result(...verificationLines(verification, { source, id }));
  if (verification.isPassed) {
    const { keep } = choice;
    await pruneBehind(work, { source, keep }, (text) => output.progress(`${text}.`));
  }
  return verification.isPassed ? exitCode.done : exitCode.reverted;
}
