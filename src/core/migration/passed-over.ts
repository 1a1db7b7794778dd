/** What lies in a folder of migrations and is applied by nobody: said before somebody misses it in the database. */

export interface MigrationFolder {
  readonly folder: string;
  /** Of the driver that reads it. */
  readonly driver: string;
  /** All that lies in it; the name of a folder ends in `/`. */
  readonly names: readonly string[];
  /** What the driver takes of it. */
  readonly taken: readonly string[];
}

/** A sentence, with what to do; null where nothing is passed over. */
export function passedOver({ folder, driver, names, taken }: MigrationFolder): string | null {
  const others = names.filter((name) => !taken.includes(name) && !isNoMigration(name));
  if (taken.length === 0) {
    return others.length === 0
      ? `the folder of migrations ${folder} holds none: nothing is changed in the schema.`
      : `the folder of migrations ${folder} holds none that the driver ${driver} takes, but ${listed(others)}: ${REMEDY}`;
  }
  // What a folder beside files holds was put away.
  const files = others.filter((name) => !name.endsWith('/'));
  if (files.length === 0) return null;
  return `of the folder of migrations ${folder} the driver ${driver} passes over ${listed(files)}: ${REMEDY}`;
}

const REMEDY =
  'is it another driver that they were written for, or another name that they need? What is no migration belongs elsewhere.';

function isNoMigration(name: string): boolean {
  return name.startsWith('.') || /^readme\b/i.test(name);
}

const NAMED_MAX = 3;

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  const named = names.slice(0, NAMED_MAX).map((name) => JSON.stringify(name));
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
