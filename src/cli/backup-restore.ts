/** Brings a backup back: beside what runs, in its place, or out of it again. */
import type { Command } from 'commander';
import { openBackup } from '../engine/backup/open-backup.ts';
import { restoreBackup } from '../engine/backup/restore-backup.ts';
import { discardCommand, whatIsKept } from './backup-discard.ts';
import { pastMoment, restoredMoment, type MomentOptions } from './backup-moment.ts';
import { switchedBack, switchIn, type SwitchOptions } from './backup-switch.ts';
import { meantBackup, ofService, type BackupOptions, type MeantBackup } from './backup-work.ts';
import type { CliSession, RegisterCommand } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { jsonLine } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

interface RestoreOptions extends BackupOptions, SwitchOptions {
  readonly name?: string;
  readonly switch?: boolean;
  readonly back?: boolean;
  readonly at?: string;
}

export function addBackupRestore(backup: Command, perform: Parameters<RegisterCommand>[1]): void {
  perform<RestoreOptions>(
    ofService(
      backup
        .command('restore')
        .argument('[id]', 'as `backup list` shows it; with --at: which of its backups')
        .description('bring one back beside what runs, or verified in its place')
        .option('--at <time>', 'what was there then, by the log: like 2026-12-01T09:00+01:00')
        .option('--switch', 'put it in the place of what is live, which is kept')
        .option('--back', 'bring back what was live before a --switch to it')
        .option('--dry-run', 'only show what would be replaced')
        .option('--yes', 'do not ask')
        .option('--end-sessions', 'end who works with the database, instead of refusing'),
      true,
    ),
    async (session, options, [id]) => {
      refuseContradictions(options);
      if (options.at !== undefined) return atMoment(session, { ...options, at: options.at }, id);
      if (id === undefined)
        throw usageError('Say which: an id of `backup list`, or a time by --at.');
      const meant = await meantBackup(session, options, options.name);
      if (options.switch === true) return switchIn(session, meant, { id, options });
      if (options.back === true) return switchedBack(session, meant, { id, options });
      return restoredBeside(session, meant, id);
    },
  );
}

async function atMoment(
  session: CliSession,
  options: RestoreOptions & MomentOptions,
  name: string | undefined,
): Promise<number> {
  if (options.back === true) throw usageError('--back is of an id: --at brings nothing back.');
  if (name !== undefined && options.name !== undefined && name !== options.name) {
    throw usageError('With --at the argument is the name of the backup, and so is --name.');
  }
  const at = pastMoment(session, options.at);
  const meant = await meantBackup(session, options, name ?? options.name);
  return restoredMoment(session, meant, { at, options });
}

function refuseContradictions({ switch: isIn, back: isBack, ...others }: RestoreOptions): void {
  if (isIn === true && isBack === true) {
    throw usageError('--switch and --back are opposites; give one of them.');
  }
  if (isIn === true || isBack === true) return;
  const names = { dryRun: '--dry-run', yes: '--yes', endSessions: '--end-sessions' } as const;
  for (const key of ['dryRun', 'yes', 'endSessions'] as const) {
    if (others[key] !== true) continue;
    throw usageError(
      `${names[key]} goes with --switch or --back: without them nothing is replaced.`,
    );
  }
}

async function restoredBeside(
  session: CliSession,
  { work, source }: MeantBackup,
  id: string,
): Promise<number> {
  const { flags, output } = session;
  const restored = await restoreBackup(work, await openBackup(work, { source, id }));
  const { place } = await whatIsKept(session, () => restored.keep());
  const { address } = restored;
  if (flags.json) output.result(jsonLine({ source, id, address, place }));
  else {
    output.result(
      `${source}: ${id} is restored at ${address}. What runs is as it was.`,
      ...(place === null ? [] : [`When you need it no more: ${discardCommand(session, place)}`]),
    );
  }
  return exitCode.done;
}
