/** Which of a release's migrations are applied by its deployment, which wait for a later one, and which must not be at all. */
import type { AppliedMigration } from './applied-migration.ts';
import { isEdited } from './is-edited.ts';
import type { PlannedMigration } from './planned-database.ts';

export interface SortableMigration extends PlannedMigration {
  /** What `AppliedMigration.name` says of it. */
  readonly recordedAs: string;
  /** What nobody can answer but its author; empty when nothing is open. */
  readonly questions: readonly string[];
}

export interface MigrationsKnown {
  /** In the order of their names. */
  readonly files: readonly SortableMigration[];
  readonly applied: readonly AppliedMigration[];
  /** What came with the release that serves; null where none serves. */
  readonly shippedBefore: readonly string[] | null;
}

export type SortedMigrations =
  | {
      readonly kind: 'sorted';
      readonly now: readonly PlannedMigration[];
      readonly later: readonly PlannedMigration[];
    }
  /** A sentence each, with what to do. */
  | { readonly kind: 'refused'; readonly because: readonly string[] };

/**
 * A contract migration is applied when the release that serves came with it already: its code has lived since without what
 * is taken away, and it is what a revert returns to. What comes first of all has nothing to harm.
 */
export function sortMigrations({
  files,
  applied,
  shippedBefore,
}: MigrationsKnown): SortedMigrations {
  const known = new Map(applied.map((each) => [each.name, each]));
  const because = files.flatMap((file) => refusalsOf(file, known.get(file.recordedAs)));
  if (because.length > 0) return { kind: 'refused', because };
  const open = files.filter(({ recordedAs }) => known.get(recordedAs)?.isFinished !== true);
  const isDue = ({ name, migrationClass }: SortableMigration): boolean =>
    migrationClass !== 'contract' || shippedBefore === null || shippedBefore.includes(name);
  return {
    kind: 'sorted',
    now: open.filter(isDue).map(planned),
    later: open.filter((file) => !isDue(file)).map(planned),
  };
}

function refusalsOf(
  { name, digest, migrationClass, questions }: SortableMigration,
  applied: AppliedMigration | undefined,
): readonly string[] {
  if (applied && isEdited(applied, digest)) {
    return [
      `${name} was edited after it was applied: put it back as it was, and write what is new into another file.`,
    ];
  }
  if (applied?.isFinished === true || migrationClass !== 'unknown') return [];
  const why = questions.length > 0 ? ` ${questions.join(' ')}` : '';
  return [`Nobody can tell whether the code that serves lives with ${name}.${why}`];
}

function planned({
  questions: _asked,
  recordedAs: _recorded,
  ...migration
}: SortableMigration): PlannedMigration {
  return migration;
}
