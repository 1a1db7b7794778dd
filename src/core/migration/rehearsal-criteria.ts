/** Whether migrations that were tried on a restored backup may be applied where it counts. */
import { atMost, told, type Criterion } from '../validation/criterion.ts';
import { counted } from '../words/counted.ts';
import { showDuration } from '../words/show-duration.ts';
import type { ContentPart } from '../backup/content.ts';
import { blocksWrites } from './lock-mode.ts';
import type { MigrationRun } from './migration-run.ts';

export interface RehearsalFacts {
  readonly runs: readonly MigrationRun[];
  /** How many were to be applied. */
  readonly planned: number;
  readonly before: readonly ContentPart[];
  readonly after: readonly ContentPart[];
  readonly blockedMsMax: number;
  readonly rowsLostMax: number;
}

export function rehearsalCriteria(facts: RehearsalFacts): readonly Criterion[] {
  const { runs, planned, before, after, blockedMsMax, rowsLostMax } = facts;
  const sum = runs.reduce((all, { durationMs }) => all + durationMs, 0);
  return [
    {
      ...{ what: 'migrations applied', observed: `${runs.length} in ${showDuration(sum)}` },
      ...{ limit: `${planned}`, state: runs.length === planned ? 'met' : 'unmet' },
    },
    ...runs.map((run) => blockedCriterion(run, blockedMsMax)),
    rowsCriterion(before, after, rowsLostMax),
  ];
}

/** A lock is held until the file has come to its end: as long, at most, as all of it has taken. */
function blockedCriterion({ name, durationMs, locks }: MigrationRun, max: number): Criterion {
  const what = `${name} keeps others out`;
  if (locks === null) {
    const observed = `of what nobody saw, for ${showDuration(durationMs)}`;
    return { ...{ what, observed }, ...within(durationMs, max) };
  }
  const strong = locks.filter(({ mode }) => blocksWrites(mode));
  if (strong.length === 0) return told(what, `of nothing, in ${showDuration(durationMs)}`);
  const tables = strong.map(({ relation, mode }) => `${relation} (${mode})`).join(', ');
  return {
    what,
    observed: `of ${tables} for ${showDuration(durationMs)}`,
    ...within(durationMs, max),
  };
}

function within(durationMs: number, max: number): Pick<Criterion, 'limit' | 'state'> {
  return { limit: `at most ${showDuration(max)}`, state: durationMs <= max ? 'met' : 'unmet' };
}

function rowsCriterion(
  before: readonly ContentPart[],
  after: readonly ContentPart[],
  max: number,
): Criterion {
  const left = new Map(after.map(({ name, size }) => [name, size]));
  const lost = before
    .filter(({ isDefinition }) => isDefinition !== true)
    .map(({ name, size }) => ({ name, rows: size - (left.get(name) ?? 0) }))
    .filter(({ rows }) => rows > 0)
    .sort((one, other) => other.rows - one.rows);
  const [worst] = lost;
  const observed = worst ? `${worst.name} loses ${counted(worst.rows, 'row')}` : '0';
  return atMost('rows that the worst table loses', worst?.rows ?? 0, max, { observed });
}
