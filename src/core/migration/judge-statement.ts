/**
 * One statement, whatever it is. What is not in this table is unknown, and never passes for harmless.
 * The judges read the tree of PostgreSQL's parser itself: a second description of statements beside
 * it would be a place to forget something in.
 */
import type {
  AlterEnumStmt,
  AlterSeqStmt,
  CallStmt,
  CreateCastStmt,
  CreatedbStmt,
  DeclareCursorStmt,
  DefineStmt,
  ExplainStmt,
  Node,
  PrepareStmt,
} from '@pgsql/types';
import type { HazardId } from './hazards.ts';
import { judgeAlterTable } from './judge-alter-table.ts';
import {
  judgeNewDomain,
  judgeNewExtension,
  judgeNewFunction,
  judgeNewIndex,
  judgeNewPolicy,
  judgeNewRule,
  judgeNewSchema,
  judgeNewTable,
  judgeNewTrigger,
  judgeNewView,
} from './judge-creation.ts';
import { judgeCopy, judgeQuery, judgeSelect, judgeTableAs } from './judge-query.ts';
import {
  judgeDefaultRights,
  judgeDrop,
  judgeGrant,
  judgeMove,
  judgeOwner,
  judgeRename,
  judgeTruncate,
} from './judge-removal.ts';
import { judgeCode, judgeSetting } from './judge-session.ts';
import {
  judgeCluster,
  judgeComment,
  judgeLock,
  judgeRefresh,
  judgeReindex,
  judgeStatistics,
  judgeVacuum,
} from './judge-upkeep.ts';
import { judgedAs, type Judged } from './judged.ts';
import { isMade, nothingMade, withMade, type MadeHere } from './made-here.ts';
import { namedBy, nameOf, shown, wordsOf } from './name-of.ts';
import { kindAndBody } from './nodes-in.ts';
import { touchOf } from './touch.ts';

type Judge = (body: never, made: MadeHere) => Judged;

const always =
  (hazard: HazardId, needsNoTransaction = false): Judge =>
  (_body, made) =>
    judgedAs(made, { hazards: [[hazard, '']], needsNoTransaction });

const harmless: Judge = (_body, made) => judgedAs(made);

const judges: Readonly<Record<string, Judge>> = {
  AlterTableStmt: judgeAlterTable,
  CreateStmt: judgeNewTable,
  CreateTableAsStmt: judgeTableAs,
  SelectStmt: judgeSelect,
  InsertStmt: asQuery('InsertStmt'),
  UpdateStmt: asQuery('UpdateStmt'),
  DeleteStmt: asQuery('DeleteStmt'),
  MergeStmt: asQuery('MergeStmt'),
  CopyStmt: judgeCopy,
  ExplainStmt: ({ query }: ExplainStmt, made: MadeHere) =>
    query ? judgeNode(query, made) : judgedAs(made),
  // Judged where it is written: what it is run with later does not make it another statement.
  PrepareStmt: ({ query }: PrepareStmt, made: MadeHere) =>
    query ? judgeNode(query, made) : judgedAs(made),
  DeclareCursorStmt: ({ query }: DeclareCursorStmt, made: MadeHere) =>
    query ? judgeNode(query, made) : judgedAs(made),
  IndexStmt: judgeNewIndex,
  ViewStmt: judgeNewView,
  CreateFunctionStmt: judgeNewFunction,
  CreateTrigStmt: judgeNewTrigger,
  CreateEventTrigStmt: always('trigger-changed'),
  AlterEventTrigStmt: always('trigger-changed'),
  RuleStmt: judgeNewRule,
  CreatePolicyStmt: judgeNewPolicy,
  AlterPolicyStmt: always('row-security-changed'),
  CreateDomainStmt: judgeNewDomain,
  AlterDomainStmt: always('type-changed'),
  CreateEnumStmt: ({ typeName }: { typeName?: Node[] }, made: MadeHere) =>
    judgedAs(withMade(made, 'type', namedBy(wordsOf(typeName)))),
  AlterEnumStmt: judgeEnum,
  AlterCompositeTypeStmt: always('type-changed'),
  CompositeTypeStmt: harmless,
  CreateRangeStmt: harmless,
  DefineStmt: judgeDefinition,
  CreateCastStmt: judgeCast,
  CreateSeqStmt: harmless,
  AlterSeqStmt: judgeSequence,
  CreateStatsStmt: judgeStatistics,
  CreateSchemaStmt: (body: never, made: MadeHere) => judgeNewSchema(body, made, judgeNode),
  CreateExtensionStmt: judgeNewExtension,
  CreateRoleStmt: harmless,
  CreateFdwStmt: harmless,
  CreateForeignServerStmt: harmless,
  CreateUserMappingStmt: harmless,
  CommentStmt: judgeComment,
  DropStmt: judgeDrop,
  DropOwnedStmt: always('dropped'),
  DropRoleStmt: always('dropped'),
  DropUserMappingStmt: always('dropped'),
  DropSubscriptionStmt: always('dropped', true),
  DropTableSpaceStmt: always('dropped', true),
  DropdbStmt: always('dropped', true),
  CreatedbStmt: ({ dbname }: CreatedbStmt, made: MadeHere) =>
    judgedAs(made, { hazards: [['database-made', shown(dbname ?? '')]], needsNoTransaction: true }),
  TruncateStmt: judgeTruncate,
  RenameStmt: judgeRename,
  AlterObjectSchemaStmt: judgeMove,
  AlterOwnerStmt: judgeOwner,
  ReassignOwnedStmt: always('owner-changed'),
  GrantStmt: judgeGrant,
  GrantRoleStmt: ({ is_grant: isGiven }: { is_grant?: boolean }, made: MadeHere) =>
    judgedAs(made, { hazards: isGiven === true ? [] : [['rights-revoked', 'role']] }),
  AlterDefaultPrivilegesStmt: judgeDefaultRights,
  AlterFunctionStmt: always('function-replaced'),
  AlterRoleStmt: always('settings-changed'),
  AlterRoleSetStmt: always('settings-changed'),
  AlterDatabaseSetStmt: always('settings-changed'),
  AlterSystemStmt: always('settings-changed', true),
  VacuumStmt: judgeVacuum,
  ClusterStmt: judgeCluster,
  ReindexStmt: judgeReindex,
  RefreshMatViewStmt: judgeRefresh,
  LockStmt: judgeLock,
  VariableSetStmt: judgeSetting,
  VariableShowStmt: harmless,
  ConstraintsSetStmt: harmless,
  DeallocateStmt: harmless,
  TransactionStmt: () => judgedAs(nothingMade, { hazards: [['transaction-control', '']] }),
  DoStmt: () => judgeCode('DO'),
  CallStmt: ({ funccall }: CallStmt) =>
    judgeCode(`CALL ${shown(wordsOf(funccall?.funcname).join('.'))}`),
  ExecuteStmt: ({ name }: { name?: string }) => judgeCode(`EXECUTE ${shown(name ?? '')}`),
};

export function judgeNode(node: Node, made: MadeHere): Judged {
  const { kind, body } = kindAndBody(node);
  const judge = Object.hasOwn(judges, kind) ? judges[kind] : undefined;
  if (judge) return judge(body as never, made);
  return judgedAs(nothingMade, { hazards: [['statement-unknown', kind]] });
}

function asQuery(kind: string): Judge {
  return (body, made) => judgeQuery({ [kind]: body } as unknown as Node, made);
}

function judgeEnum({ typeName, oldVal, newVal }: AlterEnumStmt, made: MadeHere): Judged {
  const name = namedBy(wordsOf(typeName));
  const isOwn = isMade(made, 'type', name);
  if (isOwn) return judgedAs(made);
  const isAdded = oldVal === undefined && newVal !== undefined;
  return judgedAs(made, { hazards: isAdded ? [] : [['type-changed', nameOf(name)]] });
}

/** Aggregates and types of text search and collations only: an operator may change what old code means. */
function judgeDefinition({ kind, defnames, replace }: DefineStmt, made: MadeHere): Judged {
  const name = namedBy(wordsOf(defnames));
  if (replace === true) return judgedAs(made, { hazards: [['function-replaced', nameOf(name)]] });
  const isPlain = /^OBJECT_(?:AGGREGATE|COLLATION|TS\w+)$/.test(kind ?? '');
  return judgedAs(withMade(made, 'function', { relname: name.relname }), {
    hazards: isPlain ? [] : [['statement-unknown', nameOf(name)]],
  });
}

function judgeCast({ context }: CreateCastStmt, made: MadeHere): Judged {
  const hazard = context === 'COERCION_EXPLICIT' ? 'statement-unknown' : 'cast-added';
  return judgedAs(made, { hazards: [[hazard, 'CAST']] });
}

function judgeSequence({ sequence, options = [] }: AlterSeqStmt, made: MadeHere): Judged {
  const names = options.map((node) => ('DefElem' in node ? node.DefElem.defname : undefined));
  const isOwned = names.length > 0 && names.every((name) => name === 'owned_by');
  return judgedAs(made, {
    hazards: isOwned ? [] : [['sequence-changed', nameOf(sequence)]],
    touches: touchOf(made, sequence, 'SHARE ROW EXCLUSIVE', { rewrites: 'maybe' }),
  });
}
