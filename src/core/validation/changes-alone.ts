import type { FindingsRule, Rule } from './rule.ts';

/** Lines of the protocol about what is known of packages to be vulnerable. */
const ROWS: ReadonlySet<string | undefined> = new Set(['V3', 'V8']);

/**
 * Whether what a tool reports may be another thing tomorrow while nothing of what is checked has changed, and nothing here
 * would tell: it is of a host or of something that runs, or others find vulnerabilities every day. `database`: the file
 * by which it judges, where it is known.
 */
export function changesAlone(
  rule: Rule,
  { row, database }: { readonly row?: string | undefined; readonly database?: unknown },
): boolean {
  switch (rule.subject) {
    case 'load':
    case 'stress':
    case 'metrics':
    case 'controls':
    // What a person has signed lies elsewhere, and another one may take its place.
    case 'signed':
      return true;
    case 'findings':
      return (
        isElsewhere(rule) || (!isDated(rule, database) && (isOfPackages(rule) || ROWS.has(row)))
      );
    case 'components':
      return database === undefined && (rule.vulnerabilities !== null || ROWS.has(row));
    case 'tests':
    case 'coverage':
      return database === undefined && ROWS.has(row);
  }
}

function isElsewhere({ covered: { unit } }: FindingsRule): boolean {
  return unit === 'request' || unit === 'rule';
}

function isOfPackages({ covered }: FindingsRule): boolean {
  return covered.unit === 'package';
}

/** Its report says itself how old that is. */
function isDated({ databaseAgeMaxMs }: FindingsRule, database: unknown): boolean {
  return database !== undefined || databaseAgeMaxMs !== null;
}
