/** What goes of the kept backups and what stays, for people. */
import type { Retention, StaysAs } from '../../core/backup/retention.ts';
import { counted } from '../../core/words/counted.ts';
import type { Pruned } from '../../engine/backup/prune-backups.ts';
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
