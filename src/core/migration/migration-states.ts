/** What is known of each migration of a service: of its file, of its database, or of both. */
import type { AppliedMigration } from './applied-migration.ts';
import { isEdited } from './is-edited.ts';
import type { MigrationsKnown } from './sort-migrations.ts';

export type MigrationState =
  | 'APPLIED'
  /** By the tool whose table says so, which keeps no text: whether the file was edited since is not known. */
  | 'TAKEN_OVER'
  /** One that goes in no transaction was begun and did not come to its end. */
  | 'BROKEN_OFF'
  /** Its file is not what was applied. */
  | 'EDITED'
  /** The next deployment applies it. */
  | 'DUE'
  /** Until the release that it came with is the one that serves. */
  | 'WAITS'
  /** Nobody can tell whether old code lives with it. */
  | 'OPEN'
  /** It was applied, and its file is not among those of this release. */
  | 'WITHOUT_FILE';

export interface KnownMigration {
  readonly name: string;
  readonly state: MigrationState;
}

export function migrationStates({
  files,
  applied,
}: Pick<MigrationsKnown, 'files' | 'applied'>): readonly KnownMigration[] {
  const known = new Map(applied.map((each) => [each.name, each]));
  const names = new Set(files.map(({ recordedAs }) => recordedAs));
  return [
    ...applied
      .filter(({ name }) => !names.has(name))
      .map(({ name }): KnownMigration => ({ name, state: 'WITHOUT_FILE' })),
    ...files.map((file) => ({ name: file.name, state: stateOf(file, known.get(file.recordedAs)) })),
  ];
}

function stateOf(
  { digest, migrationClass }: MigrationsKnown['files'][number],
  applied: AppliedMigration | undefined,
): MigrationState {
  if (applied) {
    if (isEdited(applied, digest)) return 'EDITED';
    if (!applied.isFinished) return 'BROKEN_OFF';
    return applied.digest === null ? 'TAKEN_OVER' : 'APPLIED';
  }
  switch (migrationClass) {
    case 'expand':
      return 'DUE';
    case 'contract':
      return 'WAITS';
    case 'unknown':
      return 'OPEN';
  }
}
