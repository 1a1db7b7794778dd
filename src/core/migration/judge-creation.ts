/** New tables, views, indexes, types and the rest: harmless where nothing is there by that name yet. */
import type {
  CreateDomainStmt,
  CreateExtensionStmt,
  CreateFunctionStmt,
  CreatePolicyStmt,
  CreateSchemaStmt,
  CreateStmt,
  CreateTrigStmt,
  IndexStmt,
  Node,
  RuleStmt,
  ViewStmt,
} from '@pgsql/types';
import { isTotal } from './is-total.ts';
import { unknownCalls } from './unknown-calls.ts';
import { judgedAs, type Hazardous, type Judged } from './judged.ts';
import {
  isBlank,
  isTableMade,
  withCopy,
  withMade,
  withoutCopy,
  withoutMade,
  type MadeHere,
} from './made-here.ts';
import { namedBy, nameOf, shown, wordsOf } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

export function judgeNewTable(statement: CreateStmt, made: MadeHere): Judged {
  const { relation, tableElts = [], inhRelations = [], partbound } = statement;
  const parents = inhRelations.flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
  const [parent] = parents;
  const hazards: Hazardous[] = [];
  if (partbound && !isTableMade(made, parent)) {
    hazards.push(['partition-in-place', nameOf(parent)]);
    if (tableElts.length > 0) hazards.push(['check-added', nameOf(relation)]);
  }
  const touches = [
    ...parents.flatMap((each) =>
      touchOf(made, each, partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', {
        scans: partbound ? 'maybe' : 'no',
      }),
    ),
    ...bodiesIn(tableElts, 'Constraint').flatMap(({ pktable }) =>
      touchOf(made, pktable, 'SHARE ROW EXCLUSIVE'),
    ),
  ];
  return judgedAs(tableMade(statement, parents.length, made), { hazards, touches });
}

/** Its own only when it cannot have been there, nobody reaches it through a parent, and it calls nothing. */
function tableMade(statement: CreateStmt, parents: number, made: MadeHere): MadeHere {
  const { relation, tableElts = [], if_not_exists: isMaybeThere, oncommit } = statement;
  const isOwn = isMaybeThere !== true && oncommit !== 'ONCOMMIT_DROP' && parents === 0;
  if (!relation || !isOwn || unknownCalls(statement, made).length > 0) return made;
  const after = withMade(made, 'table', relation);
  const [only, ...others] = tableElts;
  const model = only && 'TableLikeClause' in only ? only.TableLikeClause.relation : undefined;
  return model && others.length === 0 ? withCopy(after, relation, model) : after;
}

export function judgeNewIndex(statement: IndexStmt, made: MadeHere): Judged {
  const { relation, idxname, concurrent, unique, if_not_exists: isMaybeThere } = statement;
  const isConcurrent = concurrent === true;
  const subject = `${nameOf(relation)} (${shown(idxname ?? 'index')})`;
  const hazards: Hazardous[] = [];
  if (!isTableMade(made, relation)) {
    if (unique === true && !isUniqueFree(statement, made))
      hazards.push(['uniqueness-added', subject]);
    if (!isConcurrent) hazards.push(['index-not-concurrent', subject]);
    if (isConcurrent && isMaybeThere === true) hazards.push(['index-kept-invalid', subject]);
  }
  if (expressionsOf(statement).some((expression) => !isTotal(expression, made))) {
    hazards.push(['expression-unproven', subject]);
  }
  const lock = isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  const touches = touchOf(made, relation, lock, { scans: 'yes' });
  const index = {
    ...(relation?.schemaname === undefined ? {} : { schemaname: relation.schemaname }),
  };
  const after = relation ? withoutCopy(made, relation) : made;
  // An index lies where its table lies, which is known of a table that was made here.
  const isNew = idxname !== undefined && isMaybeThere !== true && isTableMade(made, relation);
  return judgedAs(isNew ? withMade(after, 'index', { ...index, relname: idxname }) : after, {
    hazards,
    touches,
    needsNoTransaction: isConcurrent,
  });
}

/** One of its columns is NULL in every row of old code, and one NULL is not another. */
function isUniqueFree(statement: IndexStmt, made: MadeHere): boolean {
  const { relation, indexParams, nulls_not_distinct: isStrict } = statement;
  const names = bodiesIn(indexParams, 'IndexElem').flatMap(({ name }) => name ?? []);
  return isStrict !== true && names.some((name) => isBlank(made, relation, name));
}

function expressionsOf({ indexParams, whereClause }: IndexStmt): Node[] {
  const indexed = bodiesIn(indexParams, 'IndexElem').flatMap(({ expr }) => expr ?? []);
  return whereClause ? [...indexed, whereClause] : indexed;
}

export function judgeNewView({ view, replace, query }: ViewStmt, made: MadeHere): Judged {
  if (!view) return judgedAs(made, { hazards: [['statement-unknown', 'view']] });
  if (replace === true) {
    return judgedAs(withMade(made, 'calling view', view), {
      hazards: [['view-replaced', nameOf(view)]],
      touches: [{ relation: nameOf(view), lock: 'ACCESS EXCLUSIVE', rewrites: 'no', scans: 'no' }],
    });
  }
  const isCalling = unknownCalls(query, made).length > 0;
  const after = withMade(made, 'view', view);
  return judgedAs(isCalling ? withMade(after, 'calling view', view) : after);
}

export function judgeNewFunction(statement: CreateFunctionStmt, made: MadeHere): Judged {
  const name = namedBy(wordsOf(statement.funcname));
  const hazards: Hazardous[] =
    statement.replace === true ? [['function-replaced', nameOf(name)]] : [];
  return judgedAs(withMade(made, 'function', { relname: name.relname }), { hazards });
}

/** What a table does by itself is no longer only what is done to it. */
export function judgeNewTrigger({ relation, constrrel }: CreateTrigStmt, made: MadeHere): Judged {
  return judgedAs(relation ? withoutMade(made, relation) : made, {
    hazards: isTableMade(made, relation) ? [] : [['trigger-changed', nameOf(relation)]],
    touches: [
      ...touchOf(made, relation, 'SHARE ROW EXCLUSIVE'),
      ...touchOf(made, constrrel, 'SHARE ROW EXCLUSIVE'),
    ],
  });
}

export function judgeNewRule({ relation }: RuleStmt, made: MadeHere): Judged {
  return judgedAs(relation ? withoutMade(made, relation) : made, {
    hazards: isTableMade(made, relation) ? [] : [['trigger-changed', nameOf(relation)]],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE'),
  });
}

/** A permissive one lets more rows through; a restrictive one fewer. */
export function judgeNewPolicy(policy: CreatePolicyStmt, made: MadeHere): Judged {
  const { table, permissive } = policy;
  const hazards: Hazardous[] = [];
  if (!isTableMade(made, table)) {
    if (permissive !== true) hazards.push(['row-security-changed', nameOf(table)]);
    const expressions = [policy.qual, policy.with_check].flatMap((each) => each ?? []);
    if (expressions.some((each) => !isTotal(each, made))) {
      hazards.push(['expression-unproven', nameOf(table)]);
    }
  }
  return judgedAs(made, { hazards, touches: touchOf(made, table, 'ACCESS EXCLUSIVE') });
}

export function judgeNewDomain(statement: CreateDomainStmt, made: MadeHere): Judged {
  const { domainname, constraints = [] } = statement;
  const name = namedBy(wordsOf(domainname));
  const isCalling = unknownCalls(constraints, made).length > 0;
  const kind = constraints.length > 0 ? 'strict type' : 'type';
  return judgedAs(withMade(made, kind, name), {
    hazards: isCalling ? [['expression-unproven', nameOf(name)]] : [],
  });
}

/** What ships with PostgreSQL or is as well known: their scripts add things and touch nothing else. */
const knownExtensions = new Set(
  `amcheck bloom btree_gin btree_gist citext cube dict_int earthdistance fuzzystrmatch hstore intarray
  isn lo ltree pageinspect pg_buffercache pg_stat_statements pg_trgm pg_visibility pg_walinspect
  pgcrypto pgrowlocks pgstattuple postgis postgres_fdw seg tablefunc tsm_system_rows tsm_system_time
  unaccent uuid-ossp vector xml2`.split(/\s+/),
);

export function judgeNewExtension({ extname = '' }: CreateExtensionStmt, made: MadeHere): Judged {
  return judgedAs(made, {
    hazards: knownExtensions.has(extname) ? [] : [['code-run', shown(extname)]],
  });
}

/** What is made within it is judged, but not counted as made: it has two names. */
export function judgeNewSchema(
  { schemaname, schemaElts = [], if_not_exists: isMaybeThere }: CreateSchemaStmt,
  made: MadeHere,
  judge: (node: Node, made: MadeHere) => Judged,
): Judged {
  const inside = schemaElts.map((node) => judge(node, made));
  const isNew = schemaname !== undefined && isMaybeThere !== true;
  return {
    found: inside.flatMap(({ found }) => found),
    touches: inside.flatMap(({ touches }) => touches),
    made: isNew ? withMade(made, 'schema', { relname: schemaname }) : made,
    needsNoTransaction: inside.some(({ needsNoTransaction }) => needsNoTransaction),
  };
}
