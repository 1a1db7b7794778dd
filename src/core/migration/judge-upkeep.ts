/** What keeps tables in order: vacuum, cluster, reindex, refresh, statistics, comments, locks. */
import type {
  ClusterStmt,
  CommentStmt,
  CreateStatsStmt,
  DefElem,
  LockStmt,
  Node,
  RangeVar,
  RefreshMatViewStmt,
  ReindexStmt,
  VacuumStmt,
} from '@pgsql/types';
import { judgedAs, type Judged } from './judged.ts';
import { lockModes } from './lock-mode.ts';
import { isMade, isTableMade, type MadeHere } from './made-here.ts';
import { itemsOf, namedBy, nameOf, shown, wordsOf } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

export function judgeVacuum(
  { options, rels, is_vacuumcmd: isVacuum }: VacuumStmt,
  made: MadeHere,
): Judged {
  const relations = bodiesIn(rels, 'VacuumRelation').flatMap(({ relation }) => relation ?? []);
  const isFull = isOn(bodiesIn(options, 'DefElem'), 'full');
  const names = relations.map((each) => nameOf(each)).join(', ') || 'all tables';
  return judgedAs(made, {
    hazards: isFull ? [['table-packed', names]] : [],
    touches: relations.flatMap((each) =>
      touchOf(made, each, isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', {
        rewrites: isFull ? 'yes' : 'no',
      }),
    ),
    needsNoTransaction: isVacuum === true,
  });
}

/** Anything but a clear no is a yes. */
function isOn(options: readonly DefElem[], name: string): boolean {
  const option = options.find(({ defname }) => defname === name);
  if (!option) return false;
  return !/"(?:off|false|0)"|"ival":\{\}/i.test(JSON.stringify(option.arg ?? {}));
}

export function judgeCluster({ relation }: ClusterStmt, made: MadeHere): Judged {
  return judgedAs(made, {
    hazards: isTableMade(made, relation)
      ? []
      : [['table-packed', nameOf(relation) || 'all tables']],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE', { rewrites: 'yes' }),
    needsNoTransaction: relation === undefined,
  });
}

export function judgeReindex(
  { kind, relation, name, params }: ReindexStmt,
  made: MadeHere,
): Judged {
  const isConcurrent = isOn(bodiesIn(params, 'DefElem'), 'concurrently');
  const isOwn = isTableMade(made, relation);
  const isIndex = kind === 'REINDEX_OBJECT_INDEX';
  const isWide = !isIndex && kind !== 'REINDEX_OBJECT_TABLE';
  const lock = isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : isIndex ? 'ACCESS EXCLUSIVE' : 'SHARE';
  const subject = relation ? nameOf(relation) : shown(name ?? 'all');
  return judgedAs(made, {
    hazards: isConcurrent || isOwn ? [] : [['reindex-not-concurrent', subject]],
    touches: touchOf(made, relation, lock, {
      rewrites: isIndex ? 'yes' : 'no',
      scans: isIndex ? 'maybe' : 'yes',
    }),
    needsNoTransaction: isConcurrent || isWide,
  });
}

export function judgeRefresh({ relation, concurrent }: RefreshMatViewStmt, made: MadeHere): Judged {
  const isConcurrent = concurrent === true;
  const isOwn = relation !== undefined && isMade(made, 'view', relation);
  return judgedAs(made, {
    hazards: isConcurrent || isOwn ? [] : [['refresh-not-concurrent', nameOf(relation)]],
    touches: touchOf(made, relation, isConcurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', {
      rewrites: isConcurrent ? 'no' : 'yes',
      scans: isConcurrent ? 'maybe' : 'yes',
    }),
  });
}

/** The parser gives the lock by its number in PostgreSQL, which is its place in the list. */
export function judgeLock({ relations = [], mode = 8 }: LockStmt, made: MadeHere): Judged {
  const lock = lockModes[mode - 1] ?? 'ACCESS EXCLUSIVE';
  const locked = relationsIn(relations).filter((each) => !isTableMade(made, each));
  return judgedAs(made, {
    hazards: locked.map((each) => ['lock-table', nameOf(each)] as const),
    touches: locked.flatMap((each) => touchOf(made, each, lock)),
  });
}

export function judgeStatistics({ relations = [] }: CreateStatsStmt, made: MadeHere): Judged {
  return judgedAs(made, {
    touches: relationsIn(relations).flatMap((each) =>
      touchOf(made, each, 'SHARE UPDATE EXCLUSIVE'),
    ),
  });
}

export function judgeComment({ objtype, object }: CommentStmt, made: MadeHere): Judged {
  const words = wordsOf(itemsOf(object));
  const isColumn = objtype === 'OBJECT_COLUMN';
  if (!isColumn && objtype !== 'OBJECT_TABLE') return judgedAs(made);
  const relation = namedBy(isColumn ? words.slice(0, -1) : words);
  return judgedAs(made, { touches: touchOf(made, relation, 'SHARE UPDATE EXCLUSIVE') });
}

function relationsIn(nodes: readonly Node[]): RangeVar[] {
  return nodes.flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
}
