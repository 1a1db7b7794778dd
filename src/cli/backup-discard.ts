/** Removes what was brought back beside what runs and is not needed any more, with the server that runs in it. */
import type { Command } from 'commander';
import { keptScratch, type KeptScratch } from '../platform/kept-scratch.ts';
import { discardScratch } from '../platform/noted-scratch.ts';
import { stateDirectoryOf, type CliSession, type RegisterCommand } from './cli-session.ts';
import { confirm } from './confirm.ts';
import { exitCode } from './exit-code.ts';
import { escapeText, jsonLine, quoted } from './render/escape-text.ts';
import { tableLines } from './render/table.ts';
import { usageError } from './usage-error.ts';

interface DiscardOptions {
  readonly yes?: boolean;
}

export function addBackupDiscard(backup: Command, perform: Parameters<RegisterCommand>[1]): void {
  perform<DiscardOptions>(
    backup
      .command('discard')
      .argument('[place]', 'of what was restored; without it, all such places are listed')
      .description('remove what `restore` has brought back beside what runs, with its server')
      .option('--yes', 'do not ask'),
    async (session, { yes: isAgreed = false }, [place]) => {
      const { root } = stateDirectoryOf(session);
      const kept = await keptScratch(root);
      const { flags, output } = session;
      if (place === undefined) {
        if (flags.json) output.result(jsonLine({ restored: kept.map(placeOf) }));
        else output.result(...keptLines(kept, output.columns));
        return exitCode.done;
      }
      const meant = kept.find(({ folder }) => folder === place.replace(/\/+$/, ''));
      if (!meant) throw unknownPlace(place, kept);
      if (!isAgreed) {
        const message = `Remove ${meant.folder} with all that is in it?`;
        const instead = `${discardCommand(session, meant.folder)} --yes`;
        const refused = await confirm(session, { message, instead });
        if (refused !== null) return refused;
      }
      await discardScratch(root, meant.folder);
      output.result(
        flags.json ? jsonLine({ removed: meant.folder }) : `${meant.folder} is removed.`,
      );
      return exitCode.done;
    },
  );
}

/** As it is typed for this very state directory. */
export function discardCommand({ flags }: CliSession, place: string): string {
  return [
    'surefoot',
    ...(flags.config === undefined ? [] : ['--config', flags.config]),
    ...(flags.stateDir === undefined ? [] : ['--state-dir', flags.stateDir]),
    ...['backup', 'discard', place],
  ].join(' ');
}

/** What `work` does, and the place that stays behind it; null of a driver that makes none. */
export async function whatIsKept<Result>(
  session: CliSession,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly place: string | null }> {
  const { root } = stateDirectoryOf(session);
  const before = new Set((await keptScratch(root)).map(({ folder }) => folder));
  const result = await work();
  const now = (await keptScratch(root)).filter(({ folder }) => !before.has(folder));
  return { result, place: now[0]?.folder ?? null };
}

function placeOf({ folder, keptAt }: KeptScratch) {
  return { place: folder, keptAt };
}

function keptLines(kept: readonly KeptScratch[], columns: number): readonly string[] {
  if (kept.length === 0) return ['Nothing that was restored is kept.'];
  const rows = kept.map(({ folder, keptAt }) => [escapeText(folder), keptAt]);
  return tableLines({ header: ['RESTORED IN', 'KEPT SINCE'], rows, columns });
}

function unknownPlace(place: string, kept: readonly KeptScratch[]): Error {
  const known = kept.map(({ folder }) => folder).join(', ');
  return usageError(
    `Nothing was restored in ${quoted(place)}; there is: ${known === '' ? 'nothing' : known}.`,
  );
}
