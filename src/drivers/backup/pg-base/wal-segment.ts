/** The segments of a server's log as files: what they are called, and what their beginning says that they are. */
import { segmentId, segmentNamed } from '../../../core/backup/log-segment-id.ts';

/** Of the header of a segment's first page, `XLogLongPageHeaderData`. */
export const HEADER_BYTES = 40;
const IS_LONG = 0x0002;
const MIB = 1024 ** 2;
const IDS_PER_LOG = 2 ** 32;

export interface WalPlace {
  /** The cluster's system identifier. */
  readonly system: string;
  readonly timeline: number;
  readonly number: number;
}

export function walIdOf({ system, timeline, number }: WalPlace): string {
  return segmentId({ stretch: `${system}-${hexadecimal(timeline)}`, number });
}

/** Null of what is none. */
export function walPlaceOf(id: string): WalPlace | null {
  const name = segmentNamed(id);
  const [, system = '', timeline = ''] = /^(\d+)-([0-9a-f]{8})$/i.exec(name?.stretch ?? '') ?? [];
  return name && system !== ''
    ? { system, timeline: Number.parseInt(timeline, 16), number: name.number }
    : null;
}

/** What its file is called, of so many bytes. */
export function walFileOf(
  { timeline, number }: Pick<WalPlace, 'timeline' | 'number'>,
  bytes: number,
): string {
  const perLog = IDS_PER_LOG / bytes;
  const parts = [timeline, Math.floor(number / perLog), number % perLog];
  return parts.map((part) => hexadecimal(part).toUpperCase()).join('');
}

/** What the first bytes of a segment say; null of what is none. */
export function walHeaderIn(head: Buffer): (WalPlace & { readonly bytes: number }) | null {
  if (head.length < HEADER_BYTES || (head.readUInt16LE(2) & IS_LONG) === 0) return null;
  const bytes = head.readUInt32LE(32);
  const isSize = bytes >= MIB && bytes <= 1024 * MIB && (bytes & (bytes - 1)) === 0;
  const address = Number(head.readBigUInt64LE(8));
  if (!isSize || !Number.isSafeInteger(address) || address % bytes !== 0) return null;
  const system = String(head.readBigUInt64LE(24));
  return { system, timeline: head.readUInt32LE(4), number: address / bytes, bytes };
}

function hexadecimal(value: number): string {
  return value.toString(16).padStart(8, '0');
}
