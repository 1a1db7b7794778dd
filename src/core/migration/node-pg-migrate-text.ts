/** What node-pg-migrate runs of a file of SQL on its way up, by its own rules: all of it, or what `-- Up Migration` begins. */
import { isCommentAlone } from './is-comment-alone.ts';
import type { UpPart } from './up-part.ts';

const up = /^\s*--[\s-]*up\s+migration/im;
const down = /^\s*--[\s-]*down\s+migration/im;

/** `-- Up Migration` alone is a comment: all of the file is run with it and without. */
export function isNodePgMigrateText(text: string): boolean {
  return down.test(text);
}

/** Every line keeps its number. */
export function nodePgMigrateText(text: string): UpPart {
  const start = text.search(up);
  const end = text.search(down);
  if (start === -1) return end === -1 ? read(text) : wrong(UNMARKED);
  const before = end === -1 || end > start ? text.slice(0, start) : '';
  if (!isCommentAlone(before)) return wrong(LEFT_OUT);
  if (end === -1) return read(text);
  if (end > start) return read(text.slice(0, end));
  return read(text.slice(0, start).replaceAll(/[^\n]/g, '') + text.slice(start));
}

const UNMARKED =
  'It has `-- Down Migration` and no `-- Up Migration`: node-pg-migrate would run all of it. Add the line.';
const LEFT_OUT =
  'It has statements before `-- Up Migration`, which node-pg-migrate leaves out. Put them below it, or take them away.';

function read(text: string): UpPart {
  return { kind: 'read', text, isTransaction: true };
}

function wrong(because: string): UpPart {
  return { kind: 'wrong', because };
}
