/** Backups, for people. */
import { showDuration } from '../../core/words/show-duration.ts';
import { showSize } from '../../core/words/show-size.ts';
import type { ListedBackup } from '../../engine/backup/list-backups.ts';
import type { BackupVerification } from '../../engine/backup/manifest.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

/** What is declared, and what is kept of it. */
export interface SourceListing {
  /** `production/newsroom/media`. */
  readonly source: string;
  readonly driver: string;
  readonly ageMaxMs: number;
  readonly backups: readonly ListedBackup[];
}

export function backupLines(listings: readonly SourceListing[], columns: number): string[] {
  return listings.flatMap((listing, index) => [
    ...(index === 0 ? [] : ['']),
    ...listingLines(listing, columns),
  ]);
}

function listingLines(
  { source, driver, ageMaxMs, backups }: SourceListing,
  columns: number,
): string[] {
  const of = `${source} (${driver}, counts for ${showDuration(ageMaxMs)})`;
  if (backups.length === 0) return [escapeText(`${of}: none. Take one: ${takeCommand(source)}`)];
  const counts = backups.some((each) => each.kind === 'readable' && each.state === 'VERIFIED');
  const none = counts ? '' : `: none that counts. Take one: ${takeCommand(source)}`;
  const hasLog = backups.some((each) => each.kind === 'readable' && each.logUntil);
  const log = (text: string): string[] => (hasLog ? [text] : []);
  const header = ['BACKUP', 'STATE', 'TAKEN', 'VERIFIED', 'COUNTS UNTIL', ...log('LOG UNTIL')];
  const rows = backups.map((backup) => {
    if (backup.kind === 'unreadable') return [backup.id, 'UNREADABLE', backup.why];
    const { takenAt, parts, plain, key } = backup.manifest;
    const times = [takenAt, backup.verifiedAt, backup.countsUntil].map(toTheSecond);
    return [
      ...[backup.id, backup.state, ...times, ...log(toTheSecond(backup.logUntil ?? null))],
      ...[String(parts.length), showSize(plain.bytes), key.by],
    ];
  });
  return [
    escapeText(`${of}${none}`),
    ...tableLines({
      header: [...header, 'PARTS', 'SIZE', 'KEY'],
      rows: rows.map((row) => row.map(escapeText)),
      columns,
    }),
  ];
}

function takeCommand(source: string): string {
  const [environment = '', service = '', name = ''] = source.split('/');
  return `surefoot backup take ${name} --service ${service} --environment ${environment}`;
}

function toTheSecond(time: string | null): string {
  return time === null ? '-' : time.replace(/\.\d+Z$/, 'Z');
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
