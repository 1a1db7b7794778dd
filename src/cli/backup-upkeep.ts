/** What keeps the kept in order: what is not needed goes, and all of it opens by the newest key. */
import type { Command } from 'commander';
import { logSource } from '../engine/backup/backup-files.ts';
import { prunable, pruneBackups } from '../engine/backup/prune-backups.ts';
import { keyNeeds, rekeyBackups } from '../engine/backup/rekey-backups.ts';
import { meantBackup, ofService, type BackupOptions } from './backup-work.ts';
import type { RegisterCommand } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { pruneLines, rekeyLines } from './render/backup-upkeep-lines.ts';
import { jsonLine } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

interface PruneOptions extends BackupOptions {
  readonly dryRun?: boolean;
}

export function addBackupUpkeep(backup: Command, perform: Parameters<RegisterCommand>[1]): void {
  perform<PruneOptions>(
    ofService(
      backup
        .command('prune')
        .argument('[name]', 'which of its backups')
        .description('remove what is not to be kept any more; never the last that is verified')
        .option('--dry-run', 'only say what would go, and why the rest stays'),
    ),
    async (session, { dryRun: isDryRun = false, ...options }, [name]) => {
      const { work, source, choice } = await meantBackup(session, options, name);
      const { keep } = choice;
      if (!keep) {
        const [, service, own] = source.split('/');
        const key = `services.${service}.backups.${own}.keep`;
        throw usageError(`All of ${source} is kept; ${key} says what may go.`);
      }
      const pruned = await (isDryRun ? prunable : pruneBackups)(work, { source, keep });
      const { flags, output } = session;
      if (flags.json) output.result(jsonLine({ source, isDryRun, backups: pruned }));
      else output.result(...pruneLines(pruned, { source, keep, isDryRun, ...output }));
      return exitCode.done;
    },
  );

  perform<BackupOptions>(
    ofService(
      backup
        .command('rekey')
        .argument('[name]', 'which of its backups')
        .description('have all that is kept open by the newest key; content stays as it is'),
    ),
    async (session, options, [name]) => {
      const { work, source } = await meantBackup(session, options, name);
      const backups = await rekeyBackups(work, source);
      const segments = await rekeyBackups(work, logSource(source));
      const keys = await keyNeeds(work);
      const { flags, output } = session;
      if (flags.json) output.result(jsonLine({ source, backups, segments, keys }));
      else output.result(...rekeyLines(backups, { source, segments, keys }));
      const isDone = [...backups, ...segments].every(({ kind }) => kind !== 'unreadable');
      return isDone ? exitCode.done : exitCode.reverted;
    },
  );
}
