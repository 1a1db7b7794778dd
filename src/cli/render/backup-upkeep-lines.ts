/** What goes of the kept backups, what stays, and which keys they need, for people. */
import type { Retention, StaysAs } from '../../core/backup/retention.ts';
import { counted } from '../../core/words/counted.ts';
import type { Pruned } from '../../engine/backup/prune-backups.ts';
import type { KeyNeed, Rekeyed } from '../../engine/backup/rekey-backups.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

export function pruneLines(
  pruned: readonly Pruned[],
  of: {
    readonly source: string;
    readonly keep: Retention;
    readonly isDryRun: boolean;
    readonly columns: number;
  },
): string[] {
  const { source, keep, isDryRun, columns } = of;
  if (pruned.length === 0) return [`Nothing is kept of ${source}.`];
  const going = isDryRun ? 'would go' : 'removed';
  const rows = pruned.map((backup) => [
    ...[backup.id, backup.kind === 'goes' ? going : 'stays'],
    whyOf(backup, keep),
  ]);
  const header = ['BACKUP', 'NOW', 'BECAUSE'];
  return tableLines({ header, rows: rows.map((row) => row.map(escapeText)), columns });
}

function whyOf(backup: Pruned, keep: Retention): string {
  switch (backup.kind) {
    case 'goes':
      return `it is older than ${counted(keep.days, 'day')}, and newer ones are verified`;
    case 'stays':
      return whyStays(backup.as, keep);
    case 'unreadable':
      return `it cannot be read: ${backup.why}`;
  }
}

function whyStays(as: StaysAs, { last, days }: Retention): string {
  switch (as) {
    case 'in use':
      return 'it is being restored or tried out';
    case 'of the newest deployment':
      return 'the newest deployment has taken it';
    case 'young':
      return `it is not older than ${counted(days, 'day')}`;
    case 'among the last verified':
      return last === 1 ? 'it is the last verified' : `it is among the last ${last} verified`;
    case 'newer':
      return 'none that is newer is verified';
  }
}

export function rekeyLines(
  rekeyed: readonly Rekeyed[],
  {
    source,
    segments,
    keys,
  }: {
    readonly source: string;
    /** Of its log. */
    readonly segments: readonly Rekeyed[];
    readonly keys: readonly KeyNeed[];
  },
): string[] {
  const [newest, ...others] = keys;
  const numbers = (of: readonly Rekeyed[], what: string): string => {
    const changed = of.filter(({ kind }) => kind === 'rewrapped').length;
    const unchanged = of.filter(({ kind }) => kind === 'unchanged').length;
    return `${source}: ${counted(changed, what)} opened by an older key and by ${newest?.key ?? ''} now; ${unchanged} did before.`;
  };
  return [
    numbers(rekeyed, 'backup'),
    ...(segments.length > 0 ? [numbers(segments, 'segment of its log')] : []),
    ...[...rekeyed, ...segments].flatMap((backup) =>
      backup.kind === 'unreadable'
        ? [escapeText(`${backup.id} cannot be read, and is as it was: ${backup.why}`)]
        : [],
    ),
    ...others.map(({ key, neededBy }) => {
      const needs = Object.entries(neededBy).map(([of, count]) => `${of} (${count})`);
      if (needs.length === 0) return `No backup that is kept here needs the key ${key} any more.`;
      return escapeText(`The key ${key} is needed yet by backups of ${needs.join(', ')}.`);
    }),
  ];
}
