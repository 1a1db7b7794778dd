/** `ALTER TABLE … ADD CONSTRAINT`: whom it refuses, and what is read under which lock. */
import type { Constraint, RangeVar } from '@pgsql/types';
import { passesNulls } from './passes-nulls.ts';
import { judgedAs, type Hazardous, type Judged } from './judged.ts';
import { isBlank, type MadeHere } from './made-here.ts';
import { nameOf, shown, wordsOf } from './name-of.ts';
import { bodiesIn } from './nodes-in.ts';
import { touchOf } from './touch.ts';

export function judgeNewConstraint(
  relation: RangeVar | undefined,
  constraint: Constraint,
  made: MadeHere,
): Judged {
  const kind: string = constraint.contype ?? '';
  switch (kind) {
    case 'CONSTR_CHECK':
      return judgeCheck(relation, constraint, made);
    case 'CONSTR_FOREIGN':
      return judgeForeignKey(relation, constraint, made);
    case 'CONSTR_NOTNULL':
      return judgeNotNull(relation, constraint, made);
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return judgeUniqueness(relation, constraint, made);
    default:
      return judgedAs(made, {
        hazards: [['statement-unknown', subjectOf(relation, constraint)]],
        touches: touchOf(made, relation, 'ACCESS EXCLUSIVE'),
      });
  }
}

function subjectOf(relation: RangeVar | undefined, { conname }: Constraint): string {
  return conname === undefined ? nameOf(relation) : `${nameOf(relation)} (${shown(conname)})`;
}

function judgeCheck(
  relation: RangeVar | undefined,
  constraint: Constraint,
  made: MadeHere,
): Judged {
  const { raw_expr: check, skip_validation: isNotValid, is_enforced: isEnforced } = constraint;
  const subject = subjectOf(relation, constraint);
  const isOff = isEnforced === false;
  const columns = bodiesIn(check, 'ColumnRef').map(({ fields }) => wordsOf(fields).join('.'));
  const own = columns.filter((column) => isBlank(made, relation, column));
  const isPassed = check !== undefined && passesNulls(check, new Set(own));
  const isRead = isNotValid !== true && !isOff;
  const hazards: Hazardous[] = [];
  if (!isOff && !isPassed) hazards.push(['check-added', subject]);
  if (isRead) hazards.push(['check-scanned', subject]);
  const touches = touchOf(made, relation, 'ACCESS EXCLUSIVE', { scans: isRead ? 'yes' : 'no' });
  return judgedAs(made, { hazards, touches });
}

function judgeForeignKey(
  relation: RangeVar | undefined,
  constraint: Constraint,
  made: MadeHere,
): Judged {
  const { fk_attrs, pktable, skip_validation: isNotValid, is_enforced: isEnforced } = constraint;
  const subject = subjectOf(relation, constraint);
  const isOff = isEnforced === false;
  const isRead = isNotValid !== true && !isOff;
  const blanks = wordsOf(fk_attrs).map((column) => isBlank(made, relation, column));
  // MATCH FULL wants all of them to be null, the usual way one.
  const isOwn = constraint.fk_matchtype === 'f' ? !blanks.includes(false) : blanks.includes(true);
  const hazards: Hazardous[] = [];
  if (!isOff && !isOwn) hazards.push(['foreign-key-added', subject]);
  if (isRead) hazards.push(['foreign-key-scanned', subject]);
  const touches = [
    ...touchOf(made, relation, 'SHARE ROW EXCLUSIVE', { scans: isRead ? 'yes' : 'no' }),
    ...touchOf(made, pktable, 'SHARE ROW EXCLUSIVE', { scans: isRead ? 'maybe' : 'no' }),
  ];
  return judgedAs(made, { hazards, touches });
}

/** From PostgreSQL 18 a constraint with a name, that may be NOT VALID. */
function judgeNotNull(
  relation: RangeVar | undefined,
  constraint: Constraint,
  made: MadeHere,
): Judged {
  const subject = nameOf(relation, wordsOf(constraint.keys).join(', '));
  const isRead = constraint.skip_validation !== true;
  const hazards: Hazardous[] = [['null-refused', subject]];
  if (isRead) hazards.push(['null-scanned', subject]);
  const touches = touchOf(made, relation, 'ACCESS EXCLUSIVE', { scans: isRead ? 'maybe' : 'no' });
  return judgedAs(made, { hazards, touches });
}

function judgeUniqueness(
  relation: RangeVar | undefined,
  constraint: Constraint,
  made: MadeHere,
): Judged {
  const { contype, keys, indexname, nulls_not_distinct: isStrict } = constraint;
  const subject = subjectOf(relation, constraint);
  const isPrimary = contype === 'CONSTR_PRIMARY';
  const isOwn = wordsOf(keys).some((column) => isBlank(made, relation, column));
  // The index refuses already what its constraint will; a primary key refuses NULL as well.
  const isKept = indexname !== undefined && !isPrimary;
  const isFree = isKept || (isOwn && contype === 'CONSTR_UNIQUE' && isStrict !== true);
  const hazards: Hazardous[] = [];
  if (!isFree) hazards.push(['uniqueness-added', subject]);
  if (isPrimary && !isFree) hazards.push(['null-refused', subject]);
  if (indexname === undefined) hazards.push(['index-under-lock', subject]);
  const scans = indexname === undefined ? 'yes' : isPrimary ? 'maybe' : 'no';
  return judgedAs(made, {
    hazards,
    touches: touchOf(made, relation, 'ACCESS EXCLUSIVE', { scans }),
  });
}
