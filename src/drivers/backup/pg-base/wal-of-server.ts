/** What a running server says of its log. */
import type { Client } from 'pg';
import { queryOne } from '../../../platform/query-one.ts';
import type { WalPlace } from './wal-segment.ts';

export interface WalFile extends Pick<WalPlace, 'timeline' | 'number'> {
  readonly file: string;
  /** Of each segment. */
  readonly bytes: number;
}

/** RFC 3339, in milliseconds: not later than it is. */
export async function serverTime(client: Client): Promise<string> {
  const query = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`;
  return (await queryOne<{ now: string }>(client, query)).now;
}

/** Which segment holds the record that ends there. */
export async function walFileAt(client: Client, lsn: string): Promise<WalFile> {
  const query = `SELECT pg_walfile_name($1::pg_lsn) AS file, setting AS bytes,
    trunc(($1::pg_lsn - '0/0'::pg_lsn - 1) / setting::numeric)::text AS number
    FROM pg_settings WHERE name = 'wal_segment_size'`;
  type Row = Record<'file' | 'bytes' | 'number', string>;
  const { file, bytes, number } = await queryOne<Row>(client, query, lsn);
  const timeline = Number.parseInt(file.slice(0, 8), 16);
  return { file, timeline, number: Number(number), bytes: Number(bytes) };
}
