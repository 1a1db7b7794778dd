/** A whole file: its statements in turn, what they are together, and what the author says of it. */
import { authorMarks, type AuthorMark, type AuthorMarks } from './author-mark.ts';
import { findingsTogether, withoutTakenBack, type JudgedStatement } from './findings-together.ts';
import { groupOf, hazards, type HazardId } from './hazards.ts';
import { changesMeaning } from './judge-session.ts';
import { judgeNode } from './judge-statement.ts';
import { judgedAs, joined, type Found, type Judged } from './judged.ts';
import { nothingMade, withoutMade, type MadeHere } from './made-here.ts';
import type {
  MigrationClass,
  MigrationFinding,
  MigrationJudgement,
} from './migration-judgement.ts';
import type { SqlPlace, SqlStatement, SqlText } from './sql-text.ts';
import { shown } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';

export interface MigrationSetting {
  /** Whoever applies it sets a lock_timeout itself. */
  readonly hasLockTimeout?: boolean;
  /** What the files before it in the same deployment have made. */
  readonly made?: MadeHere;
}

export function judgeMigration(
  { statements, comments }: SqlText,
  { hasLockTimeout = false, made = nothingMade }: MigrationSetting = {},
): MigrationJudgement {
  const judged = withoutTakenBack(judgeAll(statements, made));
  const marks = authorMarks(comments, statements[0]?.place ?? null);
  const found = [
    ...judged.flatMap(({ statement, is }) => is.found.map((each) => told(each, statement.place))),
    ...findingsTogether(judged, hasLockTimeout).map(({ found: each, place }) => told(each, place)),
    ...findingsOfMarks(marks, statements.length),
  ];
  const migrationClass = classOf(found, marks.mark);
  const { mark } = marks;
  const isContradicted = mark?.says === 'expand' && hasGroup(found, 'contract');
  return {
    migrationClass,
    mark,
    findings: [
      ...found,
      ...(isContradicted ? [finding('mark-contradicted', '', mark.place)] : []),
    ].toSorted((left, right) => left.place.offset - right.place.offset),
    touches: judged.flatMap(({ is }) => is.touches),
    isTransaction: !judged.some(({ is }) => is.needsNoTransaction),
    made: keptMade(statements, judged.at(-1)?.is.made ?? made),
  };
}

/** Names may mean something else in the next file, where temporary tables and settings are gone. */
function keptMade(statements: readonly SqlStatement[], made: MadeHere): MadeHere {
  const isElsewhere = statements.some(
    ({ node }) => 'VariableSetStmt' in node && changesMeaning(node.VariableSetStmt),
  );
  if (isElsewhere) return nothingMade;
  const temporary = bodiesIn(
    statements.map(({ node }) => node),
    'RangeVar',
  ).filter(({ relpersistence }) => relpersistence === 't');
  return temporary.reduce((kept, name) => withoutMade(kept, name), made);
}

function judgeAll(statements: readonly SqlStatement[], made: MadeHere): JudgedStatement[] {
  const judged: JudgedStatement[] = [];
  for (const statement of statements) {
    const before = judged.at(-1)?.is.made ?? made;
    const own = judgeNode(statement.node, before);
    judged.push({ statement, is: withInner(own, statement) });
  }
  return judged;
}

/** What a block says in so many words counts against it; nothing in it speaks for it. */
function withInner(own: Judged, { inner }: SqlStatement): Judged {
  const all = inner.reduce(
    (before, node) => joined(before, judgeNode(node, nothingMade)),
    judgedAs(nothingMade),
  );
  const against = all.found.filter(({ hazard }) => groupOf(hazard) !== 'open');
  return joined(own, { ...all, found: against, made: own.made });
}

/** The author's word settles what is open, and never what is known. */
function classOf(found: readonly MigrationFinding[], mark: AuthorMark | null): MigrationClass {
  if (hasGroup(found, 'contract') || mark?.says === 'contract') return 'contract';
  const isOpen = hasGroup(found, 'open');
  const isUnreadable = found.some(({ hazard }) => hazard === 'mark-unreadable');
  const isAnswered = mark?.says === 'expand' && !isUnreadable;
  return isOpen && !isAnswered ? 'unknown' : 'expand';
}

function hasGroup(found: readonly MigrationFinding[], group: MigrationFinding['group']): boolean {
  return found.some((each) => each.group === group);
}

function findingsOfMarks({ unreadable }: AuthorMarks, statements: number): MigrationFinding[] {
  const start = { line: 1, column: 1, offset: 0 };
  return [
    ...unreadable.map(({ text, place }) => finding('mark-unreadable', shown(text), place)),
    ...(statements === 0 ? [finding('empty', '', start)] : []),
  ];
}

function finding(hazard: HazardId, subject: string, place: SqlPlace): MigrationFinding {
  return told({ hazard, subject, lock: null, rewrites: 'no', scans: 'no' }, place);
}

function told(found: Found, place: SqlPlace): MigrationFinding {
  return { ...found, group: groupOf(found.hazard), place, ...hazards[found.hazard] };
}
