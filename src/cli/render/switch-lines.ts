/** What a restore would replace, and what has become of it, for people. */
import { replacedParts, type ReplacedPart } from '../../core/backup/replaced-parts.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';
import type { BackupManifest } from '../../engine/backup/manifest.ts';
import type { ProposedSwitch } from '../../engine/backup/switch-backup.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

const ROWS_MAX = 30;

export function proposalLines(
  { state, live, users }: ProposedSwitch,
  manifest: BackupManifest,
  { nowMs, columns }: { readonly nowMs: number; readonly columns: number },
): string[] {
  const { id, takenAt, parts, server } = manifest;
  const { names } = state;
  const age = showDuration(Math.max(0, nowMs - Date.parse(takenAt)));
  const lines = [
    `${names.live} would become what it was at ${takenAt}, ${age} ago (${id}, ${server}).`,
    ...liveLines(live, parts, columns),
    ...(live === null ? [] : [`What is live now would be kept as ${names.kept}.`]),
    ...users.map((user) => `In use by ${user}.`),
  ];
  return lines.map(escapeText);
}

function liveLines(
  live: ProposedSwitch['live'],
  taken: BackupManifest['parts'],
  columns: number,
): string[] {
  if (live === null) return ['Nothing is live there now that could be counted.'];
  const { parts, same, definitions } = replacedParts(live, taken);
  const rest = parts.length - ROWS_MAX;
  const rows = parts.slice(0, ROWS_MAX).map(rowOf);
  const also = definitions === 0 ? '' : `, ${showNumber(definitions)} definitions differ`;
  return [
    ...(rows.length === 0
      ? []
      : tableLines({ header: ['ROWS OR BYTES OF', 'NOW', 'IN THE BACKUP'], rows, columns })),
    ...(rest > 0 ? [`and ${showNumber(rest)} more`] : []),
    `${showNumber(parts.length)} parts differ, ${showNumber(same)} are the same${also}.`,
  ];
}

function rowOf({ name, now, inBackup }: ReplacedPart): readonly string[] {
  const size = (value: number | null): string => (value === null ? '-' : showNumber(value));
  const isOther = now !== null && now === inBackup;
  return [name, size(now), `${size(inBackup)}${isOther ? ' (another content)' : ''}`];
}
