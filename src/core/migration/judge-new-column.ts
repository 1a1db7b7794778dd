/** `ALTER TABLE … ADD COLUMN`: whether old code can insert without it, and what each row costs. */
import type { ColumnDef, Constraint, Node, RangeVar } from '@pgsql/types';
import type { HazardId } from './hazards.ts';
import { isTotal } from './is-total.ts';
import { passesNulls } from './passes-nulls.ts';
import { unknownCalls, volatilityOf } from './unknown-calls.ts';
import { judgedAs, type Certainty, type Hazardous, type Judged } from './judged.ts';
import { isMade, withColumn, type MadeHere } from './made-here.ts';
import { namedBy, nameOf, wordsOf } from './name-of.ts';
import { touchOf } from './touch.ts';

const numbered = /^(?:big|small)?serial[248]?$/;

interface NewColumn {
  readonly relation: RangeVar | undefined;
  readonly column: ColumnDef;
  readonly isMaybeThere: boolean;
}

export function judgeNewColumn(
  { relation, column, isMaybeThere }: NewColumn,
  made: MadeHere,
): Judged {
  const name = column.colname ?? '';
  const subject = nameOf(relation, name);
  const constraints = (column.constraints ?? []).flatMap((node) =>
    'Constraint' in node ? [node.Constraint] : [],
  );
  const facts = factsOf(column, constraints, made);
  const hazards: Hazardous[] = [
    ...refusals(constraints, facts, name).map((hazard): Hazardous => [hazard, subject]),
    ...costs(constraints, facts).map((hazard): Hazardous => [hazard, subject]),
    ...(facts.isUnproven ? ([['expression-unproven', subject]] as const) : []),
  ];
  const isRead = facts.rewrites === 'yes' || hazards.some(([hazard]) => reading.has(hazard));
  const scans = isRead ? 'yes' : facts.rewrites;
  const touches = [
    ...touchOf(made, relation, 'ACCESS EXCLUSIVE', { rewrites: facts.rewrites, scans }),
    ...constraints.flatMap(({ pktable }) => touchOf(made, pktable, 'SHARE ROW EXCLUSIVE')),
  ];
  const isBlank = !facts.hasValue && !hasGenerated(constraints);
  const after = isMaybeThere ? made : withColumn(made, relation, name, isBlank);
  return judgedAs(after, { hazards, touches });
}

/** Told of rows that are all looked at: for NULL, by a check, or in the other table. */
const reading = new Set<HazardId>([
  ...(['column-required', 'check-scanned', 'foreign-key-scanned', 'index-under-lock'] as const),
]);

interface ColumnFacts {
  readonly hasValue: boolean;
  readonly isNumbered: boolean;
  readonly isStored: boolean;
  readonly isFickle: Certainty;
  readonly isUnproven: boolean;
  readonly rewrites: Certainty;
}

function factsOf(
  { typeName }: ColumnDef,
  constraints: readonly Constraint[],
  made: MadeHere,
): ColumnFacts {
  const [type = ''] = wordsOf(typeName?.names).toReversed();
  const given = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  const generated = constraints.find(({ contype }) => contype === 'CONSTR_GENERATED');
  const isNumbered =
    numbered.test(type) || constraints.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const isStored = generated?.generated_kind === 's';
  const isFickle = given ? volatilityOf(given, made) : 'no';
  const isDefaultUnproven = given !== undefined && unknownCalls(given, made).length > 0;
  const isGeneratedUnproven =
    generated?.raw_expr !== undefined && !isTotal(generated.raw_expr, made);
  const isStrict = isMade(made, 'strict type', namedBy(wordsOf(typeName?.names)));
  return {
    hasValue: isNumbered || (given !== undefined && !isNullConstant(given)),
    isNumbered,
    isStored,
    isFickle,
    isUnproven: isDefaultUnproven || isGeneratedUnproven || isStrict,
    rewrites: isNumbered || isStored ? 'yes' : isFickle,
  };
}

function isNullConstant(node: Node): boolean {
  if ('TypeCast' in node)
    return node.TypeCast.arg !== undefined && isNullConstant(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.isnull === true;
}

type Refusal = 'column-required' | 'check-added' | 'uniqueness-added' | 'foreign-key-added';

/** What makes an insert of old code fail, which gives the column its default, or NULL. */
function refusals(
  constraints: readonly Constraint[],
  { hasValue, isNumbered, isFickle }: ColumnFacts,
  name: string,
): Refusal[] {
  const isDistinct = isNumbered || isFickle === 'yes';
  return constraints.flatMap((constraint): Refusal[] => {
    const kind: string = constraint.contype ?? '';
    switch (kind) {
      case 'CONSTR_NOTNULL':
        return hasValue || hasGenerated(constraints) ? [] : ['column-required'];
      case 'CONSTR_PRIMARY':
        return isDistinct ? [] : ['column-required', 'uniqueness-added'];
      case 'CONSTR_UNIQUE': {
        const isSame =
          hasValue || hasGenerated(constraints) || constraint.nulls_not_distinct === true;
        return isSame && !isDistinct ? ['uniqueness-added'] : [];
      }
      case 'CONSTR_FOREIGN':
        return hasValue || hasGenerated(constraints) ? ['foreign-key-added'] : [];
      case 'CONSTR_CHECK': {
        const isOff = constraint.is_enforced === false;
        const { raw_expr: check } = constraint;
        const isPassed = !hasValue && !hasGenerated(constraints) && check !== undefined;
        return isOff || (isPassed && passesNulls(check, new Set([name]))) ? [] : ['check-added'];
      }
      default:
        return [];
    }
  });
}

function hasGenerated(constraints: readonly Constraint[]): boolean {
  return constraints.some(({ contype }) => contype === 'CONSTR_GENERATED');
}

type Cost =
  | 'default-fickle'
  | 'column-numbered'
  | 'column-stored'
  | 'index-under-lock'
  | 'check-scanned'
  | 'foreign-key-scanned';

function costs(
  constraints: readonly Constraint[],
  { hasValue, isNumbered, isStored, isFickle }: ColumnFacts,
): Cost[] {
  const kinds = new Set(constraints.map(({ contype }) => contype));
  return [
    ...(isNumbered ? (['column-numbered'] as const) : []),
    ...(isStored ? (['column-stored'] as const) : []),
    ...(isFickle !== 'no' ? (['default-fickle'] as const) : []),
    ...(kinds.has('CONSTR_UNIQUE') || kinds.has('CONSTR_PRIMARY')
      ? (['index-under-lock'] as const)
      : []),
    ...(kinds.has('CONSTR_CHECK') ? (['check-scanned'] as const) : []),
    ...(hasValue && kinds.has('CONSTR_FOREIGN') ? (['foreign-key-scanned'] as const) : []),
  ];
}
