/** Keeps the log of what is backed up, as the server does by itself, or ends that. */
import type { Command } from 'commander';
import { copyLog, endLog, type CopiedLog } from '../engine/backup/copy-log.ts';
import { counted } from '../core/words/counted.ts';
import { meantBackup, ofService, type BackupOptions } from './backup-work.ts';
import type { RegisterCommand } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { jsonLine } from './render/escape-text.ts';

interface LogOptions extends BackupOptions {
  readonly end?: boolean;
}

export function addBackupLog(backup: Command, perform: Parameters<RegisterCommand>[1]): void {
  perform<LogOptions>(
    ofService(
      backup
        .command('log')
        .argument('[name]', 'which of its backups')
        .description('keep what was written since, to restore any moment: the server does, too')
        .option('--end', 'have the database keep nothing for it any more; what is kept stays'),
    ),
    async (session, { end: isEnd = false, ...options }, [name]) => {
      const { work, source, choice } = await meantBackup(session, options, name);
      const { flags, output } = session;
      if (isEnd) {
        const isEnded = await endLog(work, { source });
        const said = isEnded ? 'is not kept any more' : 'was not kept';
        output.result(flags.json ? jsonLine({ source, isEnded }) : `${source}: the log ${said}.`);
        return exitCode.done;
      }
      const copied = await copyLog(work, { source, driver: choice.driver });
      output.result(flags.json ? jsonLine({ source, ...copied }) : copiedLine(source, copied));
      return exitCode.done;
    },
  );
}

function copiedLine(source: string, { segments, until, isNew }: CopiedLog): string {
  const begins = isNew
    ? ' It begins anew: it leads on from the backups that `backup list` shows it for.'
    : '';
  return `${source}: the log is kept until ${until}, ${counted(segments, 'segment')} more.${begins}`;
}
