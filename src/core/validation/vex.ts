/**
 * Statements of people who know, on whether a vulnerability matters (VEX): which findings they excuse. What is not said
 * exactly, of just this package and just this vulnerability, excuses nothing.
 */
import type { Finding } from './fact.ts';
import type { PackageName } from './purl.ts';
import type { Excuse } from './waiver.ts';

export interface VexStatement {
  readonly vulnerability: string;
  /** What else it is known by. */
  readonly aliases: readonly string[];
  /** What it is about, of any version where that is null; what could not be made out is none of them. */
  readonly products: readonly PackageName[];
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  /** Why, of what is not affected: one of the words of its format, or a sentence. */
  readonly justification: string | null;
  /** Since 1970; null when it does not say. */
  readonly atMs: number | null;
}

/**
 * Null when the finding counts. Of several statements about it the last one decides;
 * one that does not say when, or says so at the same time, only for what is worse.
 */
export function excusedByVex(statements: readonly VexStatement[], finding: Finding): Excuse | null {
  const about = statements.filter((statement) => isAbout(statement, finding));
  const objections = about.filter((statement) => reasonOf(statement) === null);
  const decisive = about.find(
    (statement) =>
      reasonOf(statement) !== null &&
      objections.every((objection) => isAfter(statement, objection)),
  );
  const why = decisive ? reasonOf(decisive) : null;
  return why === null ? null : { isValid: true, why };
}

/** In one line; null of what excuses nothing. */
function reasonOf({ status, justification, vulnerability }: VexStatement): string | null {
  if (status === 'fixed') return `${vulnerability}: fixed, by VEX`;
  const why = justification?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (status !== 'not_affected' || why === '') return null;
  return `${vulnerability}: not affected, by VEX: ${why.slice(0, WHY_MAX)}`;
}

const WHY_MAX = 200;

function isAfter(statement: VexStatement, objection: VexStatement): boolean {
  return statement.atMs !== null && objection.atMs !== null && statement.atMs > objection.atMs;
}

function isAbout(statement: VexStatement, { rule, aliases = [], component }: Finding): boolean {
  if (!component) return false;
  const meant = new Set([statement.vulnerability, ...statement.aliases].map(lowerCase));
  return (
    [rule, ...aliases].some((name) => meant.has(lowerCase(name))) &&
    statement.products.some(
      ({ name, version }) =>
        name === component.name && (version === null || version === component.version),
    )
  );
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
