/** What only shows when the statements of a file are looked at together: they are one transaction. */
import type { VariableSetStmt } from '@pgsql/types';
import type { HazardId } from './hazards.ts';
import { lockTimeoutSet } from './judge-session.ts';
import type { Found, Judged } from './judged.ts';
import { blocksWrites } from './lock-mode.ts';
import type { SqlPlace, SqlStatement } from './sql-text.ts';
import { shown } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';

export interface JudgedStatement {
  readonly statement: SqlStatement;
  readonly is: Judged;
}

export interface PlacedFound {
  readonly found: Found;
  readonly place: SqlPlace;
}

export function findingsTogether(
  judged: readonly JudgedStatement[],
  hasLockTimeout: boolean,
): PlacedFound[] {
  return [
    ...(hasLockTimeout ? [] : withoutTimeout(judged)),
    ...mixedTransactions(judged),
    ...manyLocks(judged),
    ...workUnderLock(judged),
    ...enumValuesUsed(judged),
  ];
}

function foundAt(
  { statement, is }: JudgedStatement,
  hazard: HazardId,
  subject: string,
): PlacedFound {
  const [first] = is.touches;
  const { lock = null, rewrites = 'no', scans = 'no' } = first ?? {};
  return { found: { hazard, subject, lock, rewrites, scans }, place: statement.place };
}

function settingOf({ statement }: JudgedStatement): VariableSetStmt | null {
  return 'VariableSetStmt' in statement.node ? statement.node.VariableSetStmt : null;
}

function blockedBy({ is }: JudgedStatement): string[] {
  return is.touches.filter(({ lock }) => blocksWrites(lock)).map(({ relation }) => relation);
}

/** A setting that a later statement takes back does not stay. */
export function withoutTakenBack(judged: readonly JudgedStatement[]): JudgedStatement[] {
  return judged.map((each, index) => {
    const name = settingOf(each)?.name;
    const later = judged.slice(index + 1).map(settingOf);
    const isTakenBack = later.some(
      (setting) =>
        setting?.kind === 'VAR_RESET_ALL' ||
        (setting?.name === name &&
          (setting?.kind === 'VAR_RESET' || setting?.kind === 'VAR_SET_DEFAULT')),
    );
    const found = each.is.found.filter(({ hazard }) => hazard !== 'setting-left' || !isTakenBack);
    return { ...each, is: { ...each.is, found } };
  });
}

/** Told once, of the first that waits without a limit. */
function withoutTimeout(judged: readonly JudgedStatement[]): PlacedFound[] {
  let isLimited = false;
  for (const each of judged) {
    const setting = settingOf(each);
    isLimited = (setting ? lockTimeoutSet(setting) : null) ?? isLimited;
    const [blocked] = blockedBy(each);
    if (blocked !== undefined && !isLimited)
      return [foundAt(each, 'lock-timeout-missing', blocked)];
  }
  return [];
}

function mixedTransactions(judged: readonly JudgedStatement[]): PlacedFound[] {
  const working = judged.filter((each) => settingOf(each) === null);
  if (working.length < 2) return [];
  return working
    .filter(({ is }) => is.needsNoTransaction)
    .map((each) => foundAt(each, 'not-in-transaction', each.is.touches[0]?.relation ?? ''));
}

/** Told at the second table, which waits while the first is locked. */
function manyLocks(judged: readonly JudgedStatement[]): PlacedFound[] {
  const locked = new Set<string>();
  for (const each of judged) {
    for (const { lock, relation } of each.is.touches) {
      if (lock === 'ACCESS EXCLUSIVE') locked.add(relation);
    }
    if (locked.size > 1) return [foundAt(each, 'many-locks', [...locked].join(', '))];
  }
  return [];
}

function workUnderLock(judged: readonly JudgedStatement[]): PlacedFound[] {
  const first = judged.findIndex((each) => blockedBy(each).length > 0);
  if (first === -1) return [];
  const [locked = ''] = judged.slice(first, first + 1).flatMap(blockedBy);
  return judged
    .slice(first + 1)
    .filter(({ is }) => !is.needsNoTransaction && is.touches.some(isLong))
    .map((each) => foundAt(each, 'work-under-lock', locked));
}

function isLong({ lock, rewrites, scans }: Judged['touches'][number]): boolean {
  return lock === 'ROW EXCLUSIVE' || rewrites !== 'no' || scans !== 'no';
}

function enumValuesUsed(judged: readonly JudgedStatement[]): PlacedFound[] {
  const added = new Set<string>();
  return judged.flatMap((each) => {
    const { node } = each.statement;
    const constants = bodiesIn(node, 'A_Const').flatMap(({ sval }) => sval?.sval ?? []);
    const used = constants.filter((value) => added.has(value));
    if ('AlterEnumStmt' in node && node.AlterEnumStmt.oldVal === undefined) {
      added.add(node.AlterEnumStmt.newVal ?? '');
    }
    return [...new Set(used)].map((value) => foundAt(each, 'enum-value-used', shown(value)));
  });
}
