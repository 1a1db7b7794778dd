/** Queries and changes of rows, with what is hidden in their `WITH` and in the functions they call. */
import type {
  CopyStmt,
  CreateTableAsStmt,
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  UpdateStmt,
} from '@pgsql/types';
import { unknownCalls } from './unknown-calls.ts';
import { judgedAs, joined, type Hazardous, type Judged } from './judged.ts';
import {
  isColumnMade,
  isMade,
  isTableMade,
  nothingMade,
  withMade,
  withoutCopy,
  type MadeHere,
} from './made-here.ts';
import { nameOf, shown } from './name-of.ts';
import { bodiesIn, nodesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

type JudgeChange = (body: never, made: MadeHere) => Judged;

const changes: Readonly<Record<string, JudgeChange>> = {
  InsertStmt: judgeInsert,
  UpdateStmt: judgeUpdate,
  DeleteStmt: judgeDelete,
  MergeStmt: judgeMerge,
};

/** A whole query: what it changes anywhere in it, and what it calls. */
export function judgeQuery(query: Node, made: MadeHere): Judged {
  const all = nodesIn(query);
  const changed = all.reduce<Judged>((before, { kind, body }) => {
    const judge = changes[kind];
    return judge ? joined(before, judge(body as never, before.made)) : before;
  }, judgedAs(made));
  const hazards = callsIn(query, made);
  // What was called may have changed what names mean.
  const after = hazards.length > 0 ? nothingMade : changed.made;
  return joined(changed, judgedAs(after, { hazards }));
}

function callsIn(query: Node, made: MadeHere): Hazardous[] {
  const views = bodiesIn(query, 'RangeVar').filter((name) => isMade(made, 'calling view', name));
  const names = [...unknownCalls(query, made).map(shown), ...views.map((view) => nameOf(view))];
  return [...new Set(names)].map((name) => ['function-called', name]);
}

export function judgeSelect(select: SelectStmt, made: MadeHere): Judged {
  const judged = judgeQuery({ SelectStmt: select }, made);
  const into = bodiesIn({ SelectStmt: select }, 'IntoClause' as never) as { rel?: RangeVar }[];
  const tables = into.flatMap(({ rel }) => rel ?? []);
  return { ...judged, made: tables.reduce((all, rel) => withMade(all, 'table', rel), judged.made) };
}

/** `CREATE TABLE … AS` and `CREATE MATERIALIZED VIEW`. */
export function judgeTableAs(statement: CreateTableAsStmt, made: MadeHere): Judged {
  const { query, into, objtype, if_not_exists: isMaybeThere } = statement;
  if (!query || 'ExecuteStmt' in query) {
    return judgedAs(made, { hazards: [['code-run', nameOf(into?.rel)]] });
  }
  const judged = judgeQuery(query, made);
  if (!into?.rel || isMaybeThere === true || into.onCommit === 'ONCOMMIT_DROP') return judged;
  const kind = objtype === 'OBJECT_MATVIEW' ? 'view' : 'table';
  return { ...judged, made: withMade(judged.made, kind, into.rel) };
}

function judgeInsert({ relation, onConflictClause }: InsertStmt, made: MadeHere): Judged {
  const updates = onConflictClause?.action === 'ONCONFLICT_UPDATE';
  const subject = updates ? `${nameOf(relation)} (ON CONFLICT)` : nameOf(relation);
  return judgedAs(relation ? withoutCopy(made, relation) : made, {
    hazards: isTableMade(made, relation) ? [] : [['data-changed', subject]],
    touches: touchOf(made, relation, 'ROW EXCLUSIVE'),
  });
}

function judgeUpdate(statement: UpdateStmt, made: MadeHere): Judged {
  const { relation, targetList = [], whereClause } = statement;
  if (isTableMade(made, relation)) return judgedAs(made);
  const columns = targetList.flatMap((target) =>
    'ResTarget' in target ? (target.ResTarget.name ?? '') : '',
  );
  const hazards: Hazardous[] = columns
    .filter((column) => !isColumnMade(made, relation, column))
    .map((column) => ['data-changed', nameOf(relation, column)]);
  if (!whereClause) hazards.push(['whole-table-changed', nameOf(relation)]);
  const touches = touchOf(made, relation, 'ROW EXCLUSIVE', {
    scans: whereClause ? 'maybe' : 'yes',
  });
  return judgedAs(made, { hazards, touches });
}

function judgeDelete({ relation, whereClause }: DeleteStmt, made: MadeHere): Judged {
  if (isTableMade(made, relation)) return judgedAs(made);
  const hazards: Hazardous[] = [['rows-removed', nameOf(relation)]];
  if (!whereClause) hazards.push(['whole-table-changed', nameOf(relation)]);
  const touches = touchOf(made, relation, 'ROW EXCLUSIVE', {
    scans: whereClause ? 'maybe' : 'yes',
  });
  return judgedAs(made, { hazards, touches });
}

function judgeMerge({ relation, mergeWhenClauses }: MergeStmt, made: MadeHere): Judged {
  if (relation && isTableMade(made, relation)) return judgedAs(withoutCopy(made, relation));
  const kinds = bodiesIn(mergeWhenClauses, 'MergeWhenClause').map((when) => when.commandType);
  const hazards: Hazardous[] = [['data-changed', nameOf(relation)]];
  if (kinds.includes('CMD_DELETE')) hazards.push(['rows-removed', nameOf(relation)]);
  const touches = touchOf(made, relation, 'ROW EXCLUSIVE', { scans: 'maybe' });
  return judgedAs(made, { hazards, touches });
}

export function judgeCopy(copy: CopyStmt, made: MadeHere): Judged {
  const { relation, query, is_from: isInto, is_program: isProgram, filename } = copy;
  const judged = query ? judgeQuery(query, made) : judgedAs(made);
  const hazards: Hazardous[] = [];
  if (isInto === true && !isTableMade(made, relation))
    hazards.push(['data-changed', nameOf(relation)]);
  if (filename !== undefined) hazards.push(['server-file', shown(filename)]);
  if (isProgram === true) hazards.push(['code-run', shown(filename ?? 'COPY')]);
  const touches = isInto === true ? touchOf(made, relation, 'ROW EXCLUSIVE') : [];
  const after = relation ? withoutCopy(judged.made, relation) : judged.made;
  return joined(judged, judgedAs(after, { hazards, touches }));
}
