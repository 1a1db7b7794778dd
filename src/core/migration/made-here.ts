/**
 * What a deployment has made itself: the release that runs knows nothing of it, so nothing done to it
 * can hurt. Names count as they are written: `t` and `public.t` may be two tables.
 */
import type { RangeVar } from '@pgsql/types';

/** A view passes on what is done to it, so it is never a `table`. */
export type MadeKind =
  'schema' | 'table' | 'view' | 'calling view' | 'type' | 'strict type' | 'function' | 'index';

export type MadeHere = ReadonlySet<string>;

export const nothingMade: MadeHere = new Set();

interface Named {
  readonly schemaname?: string;
  readonly relname?: string;
}

export function withMade(made: MadeHere, kind: MadeKind, name: Named): MadeHere {
  return new Set([...made, keyOf(kind, name)]);
}

export function isMade(made: MadeHere, kind: MadeKind, name: Named): boolean {
  return made.has(keyOf(kind, name));
}

export function isTableMade(made: MadeHere, relation: RangeVar | undefined): boolean {
  return relation !== undefined && isMade(made, 'table', relation);
}

/** It is `blank` while old code, which does not name it, writes NULL into it. */
export function withColumn(
  made: MadeHere,
  relation: RangeVar | undefined,
  column: string,
  isBlank: boolean,
): MadeHere {
  if (!relation) return made;
  const blank = isBlank ? [columnKey('blank', relation, column)] : [];
  return new Set([...made, columnKey('column', relation, column), ...blank]);
}

export function isBlank(made: MadeHere, relation: RangeVar | undefined, column: string): boolean {
  return relation !== undefined && made.has(columnKey('blank', relation, column));
}

/** True also for every column of a table that was made. */
export function isColumnMade(
  made: MadeHere,
  relation: RangeVar | undefined,
  column: string,
): boolean {
  if (!relation) return false;
  return isTableMade(made, relation) || made.has(columnKey('column', relation, column));
}

/** With its columns, whatever kind of thing it is. */
export function withoutMade(made: MadeHere, { schemaname, relname }: Named): MadeHere {
  return new Set(
    [...made].filter((key) => {
      const [, schema, name] = JSON.parse(key) as readonly unknown[];
      return schema !== (schemaname ?? null) || name !== relname;
    }),
  );
}

/** An empty table with the columns of another and nothing else, as a partition is prepared. */
export function withCopy(made: MadeHere, copy: RangeVar, parent: RangeVar): MadeHere {
  return new Set([...made, copyKey(copy, parent)]);
}

export function isCopyOf(made: MadeHere, copy: RangeVar, parent: RangeVar): boolean {
  return made.has(copyKey(copy, parent));
}

/** It has rows or rules of its own now. */
export function withoutCopy(made: MadeHere, { schemaname, relname }: RangeVar): MadeHere {
  const start = JSON.stringify(['copy', schemaname ?? null, relname]).slice(0, -1);
  return new Set([...made].filter((key) => !key.startsWith(`${start},`)));
}

function copyKey(copy: RangeVar, parent: RangeVar): string {
  const of = [parent.schemaname ?? null, parent.relname];
  return JSON.stringify(['copy', copy.schemaname ?? null, copy.relname, ...of]);
}

/** It is gone, or has another name. */
export function withoutColumn(made: MadeHere, relation: RangeVar, column: string): MadeHere {
  const gone = [columnKey('column', relation, column), columnKey('blank', relation, column)];
  return new Set([...made].filter((key) => !gone.includes(key)));
}

/** Old code no longer writes NULL into it. */
export function withoutBlank(made: MadeHere, relation: RangeVar, column: string): MadeHere {
  return new Set([...made].filter((key) => key !== columnKey('blank', relation, column)));
}

function keyOf(kind: MadeKind, { schemaname, relname }: Named): string {
  return JSON.stringify([kind, schemaname ?? null, relname]);
}

function columnKey(
  kind: 'column' | 'blank',
  { schemaname, relname }: RangeVar,
  column: string,
): string {
  return JSON.stringify([kind, schemaname ?? null, relname, column]);
}
