/** `ALTER TABLE`, command by command, and its sisters for views, indexes, sequences and types. */
import type { AlterTableCmd, AlterTableStmt, Node, PartitionCmd, RangeVar } from '@pgsql/types';
import { unknownCalls } from './unknown-calls.ts';
import { judgedAs, judgedInTurn, type Hazardous, type Judged } from './judged.ts';
import type { HazardId } from './hazards.ts';
import { judgeNewColumn } from './judge-new-column.ts';
import { judgeNewConstraint } from './judge-new-constraint.ts';
import type { LockMode } from './lock-mode.ts';
import {
  isColumnMade,
  isCopyOf,
  isTableMade,
  withoutBlank,
  withoutColumn,
  withoutCopy,
  withoutMade,
  type MadeHere,
} from './made-here.ts';
import { nameOf, shown } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

export function judgeAlterTable(statement: AlterTableStmt, made: MadeHere): Judged {
  const { relation, cmds = [], objtype } = statement;
  const commands = cmds.flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
  if (isTableMade(made, relation)) return judgeOwnTable(statement, commands, made);
  return judgedInTurn(commands, made, (command, soFar) =>
    objtype === 'OBJECT_TYPE'
      ? judgedAs(soFar, { hazards: [['type-changed', nameOf(relation, command.name)]] })
      : judgeCommand(relation, command, soFar, objtype),
  );
}

/** Nobody else knows the table; but what is attached to it, or calls something, is no longer its own. */
function judgeOwnTable(
  { relation }: AlterTableStmt,
  commands: readonly AlterTableCmd[],
  made: MadeHere,
): Judged {
  const isStranger = commands.some(({ subtype }) => leavesIsolation.has(subtype ?? ''));
  if (isStranger) {
    return judgedInTurn(commands, made, (command, soFar) => judgeCommand(relation, command, soFar));
  }
  const touches = bodiesIn(commands, 'Constraint').flatMap(({ pktable }) =>
    touchOf(made, pktable, 'SHARE ROW EXCLUSIVE'),
  );
  if (!relation) return judgedAs(made, { touches });
  const isCalling = unknownCalls(commands, made).length > 0;
  const after = isCalling ? withoutMade(made, relation) : withoutCopy(made, relation);
  return judgedAs(after, { touches });
}

const leavesIsolation = new Set<string>([
  ...['AT_AttachPartition', 'AT_DetachPartition', 'AT_DetachPartitionFinalize'],
  ...['AT_AddInherit', 'AT_DropInherit'],
]);

interface Rule {
  readonly lock: LockMode;
  readonly hazards?: readonly HazardId[];
  readonly rewrites?: 'yes' | 'maybe';
  readonly scans?: 'yes' | 'maybe';
}

/** Commands whose meaning does not depend on what is written behind them. */
const rules: Readonly<Record<string, Rule>> = {
  AT_SetNotNull: {
    lock: 'ACCESS EXCLUSIVE',
    hazards: ['null-refused', 'null-scanned'],
    scans: 'maybe',
  },
  AT_DropNotNull: { lock: 'ACCESS EXCLUSIVE', hazards: ['null-allowed'] },
  AT_DropConstraint: { lock: 'ACCESS EXCLUSIVE', hazards: ['constraint-dropped'] },
  AT_ValidateConstraint: { lock: 'SHARE UPDATE EXCLUSIVE', scans: 'maybe' },
  AT_AlterConstraint: { lock: 'ACCESS EXCLUSIVE', hazards: ['statement-unknown'] },
  AT_AlterColumnType: {
    lock: 'ACCESS EXCLUSIVE',
    hazards: ['column-type-changed', 'type-rewritten'],
    rewrites: 'maybe',
    scans: 'maybe',
  },
  AT_AddIdentity: { lock: 'ACCESS EXCLUSIVE', hazards: ['generation-changed'] },
  AT_SetIdentity: { lock: 'ACCESS EXCLUSIVE', hazards: ['generation-changed'] },
  AT_DropIdentity: { lock: 'ACCESS EXCLUSIVE', hazards: ['generation-changed'] },
  AT_SetExpression: {
    lock: 'ACCESS EXCLUSIVE',
    hazards: ['generation-changed', 'column-stored'],
    rewrites: 'maybe',
    scans: 'maybe',
  },
  AT_DropExpression: { lock: 'ACCESS EXCLUSIVE', hazards: ['generation-changed'] },
  AT_SetStatistics: { lock: 'SHARE UPDATE EXCLUSIVE' },
  AT_SetOptions: { lock: 'SHARE UPDATE EXCLUSIVE' },
  AT_ResetOptions: { lock: 'SHARE UPDATE EXCLUSIVE' },
  AT_SetStorage: { lock: 'ACCESS EXCLUSIVE' },
  AT_SetCompression: { lock: 'ACCESS EXCLUSIVE' },
  AT_ClusterOn: { lock: 'SHARE UPDATE EXCLUSIVE' },
  AT_DropCluster: { lock: 'SHARE UPDATE EXCLUSIVE' },
  AT_SetLogged: { lock: 'ACCESS EXCLUSIVE', hazards: ['table-moved'], rewrites: 'maybe' },
  AT_SetUnLogged: {
    lock: 'ACCESS EXCLUSIVE',
    hazards: ['durability-lost', 'table-moved'],
    rewrites: 'maybe',
  },
  AT_SetAccessMethod: { lock: 'ACCESS EXCLUSIVE', hazards: ['table-moved'], rewrites: 'maybe' },
  AT_SetTableSpace: { lock: 'ACCESS EXCLUSIVE', hazards: ['table-moved'], rewrites: 'maybe' },
  AT_EnableRowSecurity: { lock: 'ACCESS EXCLUSIVE', hazards: ['row-security-changed'] },
  AT_DisableRowSecurity: { lock: 'ACCESS EXCLUSIVE', hazards: ['row-security-changed'] },
  AT_ForceRowSecurity: { lock: 'ACCESS EXCLUSIVE', hazards: ['row-security-changed'] },
  AT_NoForceRowSecurity: { lock: 'ACCESS EXCLUSIVE', hazards: ['row-security-changed'] },
  AT_ChangeOwner: { lock: 'ACCESS EXCLUSIVE', hazards: ['owner-changed'] },
  AT_AddInherit: { lock: 'ACCESS EXCLUSIVE', hazards: ['inheritance-changed'] },
  AT_DropInherit: { lock: 'ACCESS EXCLUSIVE', hazards: ['inheritance-changed'] },
  AT_AddOf: { lock: 'ACCESS EXCLUSIVE', hazards: ['inheritance-changed'] },
  AT_DropOf: { lock: 'ACCESS EXCLUSIVE', hazards: ['inheritance-changed'] },
  AT_DetachPartitionFinalize: { lock: 'SHARE UPDATE EXCLUSIVE', hazards: ['partition-changed'] },
};

function judgeCommand(
  relation: RangeVar | undefined,
  command: AlterTableCmd,
  made: MadeHere,
  objtype?: string,
): Judged {
  const { name, def, missing_ok: isMaybeThere } = command;
  const subtype: string = command.subtype ?? '';
  const rule = rules[subtype];
  if (rule) return judgeByRule(relation, command, rule, made);
  if (/^AT_(?:Enable|Disable)(?:Always|Replica)?(?:Trig|Rule)/.test(subtype)) {
    return judgedAs(made, {
      hazards: [['trigger-changed', nameOf(relation, name)]],
      touches: touchOf(
        made,
        relation,
        subtype.endsWith('Rule') ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE',
      ),
    });
  }
  switch (subtype) {
    case 'AT_AddColumn':
      return def && 'ColumnDef' in def
        ? judgeNewColumn(
            { relation, column: def.ColumnDef, isMaybeThere: isMaybeThere === true },
            made,
          )
        : notKnown(relation, made, subtype);
    case 'AT_AddConstraint':
      return def && 'Constraint' in def
        ? judgeNewConstraint(relation, def.Constraint, made)
        : notKnown(relation, made, subtype);
    case 'AT_DropColumn':
      return judgeDroppedColumn(relation, command, made);
    case 'AT_ColumnDefault':
      return judgeDefault(relation, command, made);
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return judgeOptions(relation, command, made, objtype);
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      return judgePartition(relation, command, made, objtype);
    default:
      return notKnown(relation, made, subtype);
  }
}

function notKnown(relation: RangeVar | undefined, made: MadeHere, subtype: string): Judged {
  const words = shown(subtype.replace(/^AT_/, ''));
  return judgedAs(made, {
    hazards: [['statement-unknown', `${nameOf(relation)} (${words})`]],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE', { rewrites: 'maybe', scans: 'maybe' }),
  });
}

function judgeByRule(
  relation: RangeVar | undefined,
  command: AlterTableCmd,
  { lock, hazards = [], ...work }: Rule,
  made: MadeHere,
): Judged {
  const { name, def } = command;
  const parent = def && 'RangeVar' in def ? def.RangeVar : undefined;
  const touches = [
    ...touchOf(made, relation, lock, work),
    ...touchOf(made, parent, 'SHARE UPDATE EXCLUSIVE'),
  ];
  const isOwn = name !== undefined && isColumnMade(made, relation, name);
  const told = hazards.filter((hazard) => !isOwn || !refusesOldCode.has(hazard));
  if (unknownCalls(command, made).length > 0) told.push('expression-unproven');
  return judgedAs(made, {
    hazards: told.map((id): Hazardous => [id, nameOf(relation, name)]),
    touches,
  });
}

/** Not of a column that is added in the same deployment; NULL is what old code writes there, too. */
const refusesOldCode = new Set<HazardId>(['column-type-changed', 'null-allowed']);

function judgeDroppedColumn(
  relation: RangeVar | undefined,
  { name = '', behavior }: AlterTableCmd,
  made: MadeHere,
): Judged {
  const isOwn = isColumnMade(made, relation, name) && behavior !== 'DROP_CASCADE';
  return judgedAs(relation ? withoutColumn(made, relation, name) : made, {
    hazards: isOwn ? [] : [['column-dropped', nameOf(relation, name)]],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE'),
  });
}

function judgeDefault(
  relation: RangeVar | undefined,
  { name = '', def }: AlterTableCmd,
  made: MadeHere,
): Judged {
  const subject = nameOf(relation, name);
  const isDropped = def === undefined || ('A_Const' in def && def.A_Const.isnull === true);
  const hazards: Hazardous[] = [];
  if (isDropped && !isColumnMade(made, relation, name)) hazards.push(['default-dropped', subject]);
  if (unknownCalls(def, made).length > 0) hazards.push(['expression-unproven', subject]);
  const after = isDropped || !relation ? made : withoutBlank(made, relation, name);
  return judgedAs(after, { hazards, touches: touchOf(made, relation, 'ACCESS EXCLUSIVE') });
}

/** Those of storage and upkeep; others, as `security_invoker` of a view, change what it does. */
const lightOptions =
  /^(?:autovacuum_\w+|vacuum_\w+|log_autovacuum_min_duration|fillfactor|parallel_workers|toast_tuple_target|n_distinct|n_distinct_inherited|deduplicate_items|fastupdate|gin_pending_list_limit|pages_per_range|buffering|autosummarize)$/;

function judgeOptions(
  relation: RangeVar | undefined,
  { def }: AlterTableCmd,
  made: MadeHere,
  objtype?: string,
): Judged {
  const names = bodiesIn(def, 'DefElem').map(({ defname }) => defname ?? '');
  if (names.length > 0 && names.every((name) => lightOptions.test(name))) {
    const touches = touchOf(made, relation, 'SHARE UPDATE EXCLUSIVE');
    return judgedAs(made, { touches });
  }
  const id = objtype === 'OBJECT_VIEW' ? 'view-replaced' : 'statement-unknown';
  return judgedAs(made, {
    hazards: [[id, `${nameOf(relation)} (${shown(names.join(', '))})`]],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE'),
  });
}

function judgePartition(
  relation: RangeVar | undefined,
  { subtype, def }: AlterTableCmd,
  made: MadeHere,
  objtype?: string,
): Judged {
  const { name: part, concurrent: isConcurrent } = partitionIn(def);
  if (objtype === 'OBJECT_INDEX') {
    return judgedAs(made, { touches: touchOf(made, relation, 'SHARE UPDATE EXCLUSIVE') });
  }
  if (subtype === 'AT_AttachPartition') {
    const isCopy = part && relation && isCopyOf(made, part, relation);
    const hazard = isTableMade(made, part) ? 'statement-unknown' : 'partition-changed';
    const hazards: Hazardous[] = isCopy === true ? [] : [[hazard, nameOf(part)]];
    if (hazard === 'partition-changed') hazards.push(['attach-scanned', nameOf(part)]);
    // What was attached is filled by old code, through its parent.
    return judgedAs(part ? withoutMade(made, part) : made, {
      hazards,
      touches: [
        ...touchOf(made, relation, 'SHARE UPDATE EXCLUSIVE'),
        ...touchOf(made, part, 'ACCESS EXCLUSIVE', { scans: 'maybe' }),
      ],
    });
  }
  const hazards: Hazardous[] = [['partition-changed', nameOf(part)]];
  if (isConcurrent !== true) hazards.push(['detach-not-concurrent', nameOf(relation)]);
  const lock = isConcurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  const touches = [...touchOf(made, relation, lock), ...touchOf(made, part, 'ACCESS EXCLUSIVE')];
  return judgedAs(made, { hazards, touches, needsNoTransaction: isConcurrent === true });
}

function partitionIn(def: Node | undefined): PartitionCmd {
  return def && 'PartitionCmd' in def ? def.PartitionCmd : {};
}
