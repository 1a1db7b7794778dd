/** What a file says of its own form: a part to come up by, and one to take it back, as a tool writes them. */
import { dbmateText, isDbmateText } from './dbmate-text.ts';
import { isNodePgMigrateText, nodePgMigrateText } from './node-pg-migrate-text.ts';
import type { UpPart } from './up-part.ts';

export interface MarkedText {
  /** The driver that applies such files. */
  readonly driver: 'dbmate' | 'node-pg-migrate';
  readonly part: UpPart;
}

/** Null of plain SQL. */
export function markedText(text: string): MarkedText | null {
  if (isDbmateText(text)) return { driver: 'dbmate', part: dbmateText(text) };
  if (isNodePgMigrateText(text)) {
    return { driver: 'node-pg-migrate', part: nodePgMigrateText(text) };
  }
  return null;
}
