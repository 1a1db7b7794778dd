/** Backups, for people. */
import { showSize } from '../../core/words/show-size.ts';
import type { ListedBackup } from '../../engine/backup/list-backups.ts';
import type { BackupVerification } from '../../engine/backup/manifest.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

export function backupLines(
  listed: readonly ListedBackup[],
  { source, columns }: { readonly source: string; readonly columns: number },
): string[] {
  if (listed.length === 0) return [`Nothing is kept of ${source}; surefoot backup take takes it.`];
  const header = ['BACKUP', 'STATE', 'TAKEN', 'VERIFIED', 'PARTS', 'SIZE', 'KEY'];
  const rows = listed.map((backup) => {
    if (backup.kind === 'unreadable') return [backup.id, 'UNREADABLE', backup.why, '', '', '', ''];
    const { takenAt, parts, plain, key } = backup.manifest;
    return [
      ...[backup.id, backup.state, takenAt, backup.verifiedAt ?? '-', String(parts.length)],
      ...[showSize(plain.bytes), key.by],
    ];
  });
  return tableLines({ header, rows: rows.map((row) => row.map(escapeText)), columns });
}

export function verificationLines(
  { isPassed, criteria }: BackupVerification,
  { source, id }: { readonly source: string; readonly id: string },
): string[] {
  return [...criterionLines(criteria), `${source}: ${id} is ${isPassed ? 'VERIFIED' : 'FAILED'}.`];
}

export function criterionLines(criteria: readonly Criterion[]): string[] {
  return criteria.map(({ what, observed, limit, state }) =>
    escapeText(`${state === 'met' ? '✓' : '✗'} ${what}: ${observed} (${limit})`),
  );
}
