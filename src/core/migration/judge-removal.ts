/** What takes something from old code: dropped, emptied, renamed, moved, revoked. */
import type {
  AlterDefaultPrivilegesStmt,
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  DropStmt,
  GrantStmt,
  Node,
  RangeVar,
  RenameStmt,
  TruncateStmt,
} from '@pgsql/types';
import type { HazardId } from './hazards.ts';
import { judgedAs, judgedInTurn, type Judged } from './judged.ts';
import {
  isColumnMade,
  isMade,
  isTableMade,
  withColumn,
  withMade,
  withoutColumn,
  withoutMade,
  type MadeHere,
  type MadeKind,
} from './made-here.ts';
import { itemsOf, namedBy, nameOf, shown, wordsOf } from './name-of.ts';
import { nodesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

const madeKinds: Readonly<Record<string, MadeKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_INDEX: 'index',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
};

const dropHazards: Readonly<Record<string, HazardId>> = {
  OBJECT_INDEX: 'index-dropped',
  OBJECT_TRIGGER: 'trigger-changed',
  OBJECT_RULE: 'trigger-changed',
  OBJECT_POLICY: 'row-security-changed',
};

export function judgeDrop(drop: DropStmt, made: MadeHere): Judged {
  const { objects = [], removeType = '' } = drop;
  return judgedInTurn(objects, made, (object, soFar) =>
    judgeDropped(drop, removeType, object, soFar),
  );
}

function judgeDropped(
  { behavior, concurrent: isConcurrent }: DropStmt,
  removeType: string,
  object: Node,
  made: MadeHere,
): Judged {
  const words = wordsIn(object);
  const relation = namedBy(words);
  const kind = madeKinds[removeType];
  const isOwn = kind !== undefined && isMade(made, kind, relation) && behavior !== 'DROP_CASCADE';
  const after = withoutMade(made, relation);
  if (isOwn) return judgedAs(after);
  const isIndex = removeType === 'OBJECT_INDEX';
  const isOfTable = ['OBJECT_TRIGGER', 'OBJECT_RULE', 'OBJECT_POLICY'].includes(removeType);
  const table = isOfTable ? namedBy(words.slice(0, -1)) : relation;
  const subject = nameOf(relation) || shown(removeType);
  const hazard = dropHazards[removeType] ?? 'dropped';
  const isRelation = kind !== undefined && kind !== 'schema' && kind !== 'type';
  const lock = isConcurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  return judgedAs(after, {
    hazards: [
      [hazard, subject],
      ...(isIndex && isConcurrent !== true
        ? ([['index-drop-not-concurrent', subject]] as const)
        : []),
    ],
    touches: isRelation || isOfTable ? touchOf(made, table, lock) : [],
    needsNoTransaction: isConcurrent === true,
  });
}

/** Names are lists of words; types and functions have a node of their own. */
function wordsIn(object: Node): string[] {
  if ('String' in object || 'List' in object) return wordsOf(itemsOf(object));
  if ('TypeName' in object) return wordsOf(object.TypeName.names);
  return 'ObjectWithArgs' in object ? wordsOf(object.ObjectWithArgs.objname) : [];
}

export function judgeTruncate({ relations = [], behavior }: TruncateStmt, made: MadeHere): Judged {
  return judgedInTurn(relations, made, (node, soFar) => {
    const relation = 'RangeVar' in node ? node.RangeVar : {};
    const isOwn = isTableMade(made, relation) && behavior !== 'DROP_CASCADE';
    return judgedAs(soFar, {
      hazards: isOwn ? [] : [['rows-removed', nameOf(relation)]],
      touches: touchOf(soFar, relation, 'ACCESS EXCLUSIVE'),
    });
  });
}

export function judgeRename(rename: RenameStmt, made: MadeHere): Judged {
  const { renameType = '', relation, subname = '', newname = '' } = rename;
  if (relation && renameType === 'OBJECT_COLUMN' && isColumnMade(made, relation, subname)) {
    const after = withColumn(withoutColumn(made, relation, subname), relation, newname, false);
    return judgedAs(after, { touches: touchOf(made, relation, 'ACCESS EXCLUSIVE') });
  }
  if (relation && renameType === 'OBJECT_TABLE' && isTableMade(made, relation)) {
    const renamed: RangeVar = { ...relation, relname: newname };
    return judgedAs(withMade(withoutMade(made, relation), 'table', renamed));
  }
  const isInOwn = relation !== undefined && isTableMade(made, relation);
  const words = wordsOf(itemsOf(rename.object)).join('.') || renameType;
  const subject = relation ? nameOf(relation, subname || undefined) : shown(words);
  const lock = renameType === 'OBJECT_INDEX' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  return judgedAs(relation ? withoutMade(made, relation) : made, {
    hazards: isInOwn ? [] : [['renamed', subject]],
    touches: touchOf(made, relation, lock),
  });
}

export function judgeMove(move: AlterObjectSchemaStmt, made: MadeHere): Judged {
  const { relation } = move;
  const isOwn = isTableMade(made, relation);
  const subject = relation ? nameOf(relation) : objectName(move.object);
  return judgedAs(relation ? withoutMade(made, relation) : made, {
    hazards: isOwn ? [] : [['schema-changed', subject]],
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE'),
  });
}

export function judgeOwner({ relation, object }: AlterOwnerStmt, made: MadeHere): Judged {
  const subject = relation ? nameOf(relation) : objectName(object);
  return judgedAs(made, { hazards: [['owner-changed', subject]] });
}

export function judgeGrant({ is_grant: isGiven, objects = [] }: GrantStmt, made: MadeHere): Judged {
  const names = objects.map(objectName).join(', ');
  return judgedAs(made, { hazards: isGiven === true ? [] : [['rights-revoked', names]] });
}

export function judgeDefaultRights({ action }: AlterDefaultPrivilegesStmt, made: MadeHere): Judged {
  return judgedAs(made, {
    hazards: action?.is_grant === true ? [] : [['rights-revoked', 'DEFAULT PRIVILEGES']],
  });
}

export function objectName(object: Node | undefined): string {
  if (object && 'RangeVar' in object) return nameOf(object.RangeVar);
  const words = nodesIn(object ? [object] : []).flatMap(({ kind, body }) =>
    kind === 'String' ? ((body as { sval?: string }).sval ?? '') : [],
  );
  return shown(words.join('.'));
}
