/**
 * Statements of people who know, on whether a vulnerability matters (VEX): which findings they excuse. What is not said
 * exactly, of just this package and just this vulnerability, excuses nothing.
 */
import type { Finding } from './fact.ts';
import type { ProductDoubt } from './product-doubt.ts';
import type { PackageName } from './purl.ts';
import type { Excuse } from './waiver.ts';

export interface VexStatement {
  readonly vulnerability: string;
  /** What else it is known by. */
  readonly aliases: readonly string[];
  /** What could not be made out is none of them. */
  readonly products: readonly VexProduct[];
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  /** Why, of what is not affected: one of the words of its format, or a sentence. */
  readonly justification: string | null;
  /** Since 1970; null when it does not say. */
  readonly atMs: number | null;
}

/** What a statement is about. */
export interface VexProduct {
  /** Of any version where that is null. Null for all that the product is made of. */
  readonly package: PackageName | null;
  /** Why it may not be meant in what is released here; null when it is. */
  readonly doubt: ProductDoubt | null;
}

/**
 * Null when nothing is said of the finding. Of several statements about it the last one decides;
 * one that does not say when, or says so at the same time, only for what is worse.
 */
export function excusedByVex(statements: readonly VexStatement[], finding: Finding): Excuse | null {
  const about = statements.filter((statement) => isNamed(statement, finding));
  const objections = about.filter((statement) => {
    const meant = productsIn(statement, finding, mayBe).filter(({ doubt }) => !doubt?.isAnother);
    return meant.length > 0 && reasonFor(statement, meant) === null;
  });
  for (const statement of about) {
    const meant = productsIn(statement, finding, is).filter(({ doubt }) => doubt === null);
    const why = reasonFor(statement, meant);
    if (why === null) continue;
    if (objections.every((objection) => isAfter(statement, objection))) {
      return { isValid: true, why };
    }
  }
  return doubtedOf(about, finding);
}

/** What would excuse it if it were meant here. */
function doubtedOf(about: readonly VexStatement[], finding: Finding): Excuse | null {
  for (const statement of about) {
    for (const product of productsIn(statement, finding, is)) {
      if (product.doubt === null || reasonFor(statement, [product]) === null) continue;
      const why = `${statement.vulnerability}: VEX is not believed: ${product.doubt.why}`;
      return { isValid: false, why };
    }
  }
  return null;
}

/** In one line; null of what excuses nothing. */
function reasonFor(
  { status, justification, vulnerability }: VexStatement,
  products: readonly VexProduct[],
): string | null {
  // Fixed in which version is all that it could say.
  if (status === 'fixed' && products.some((product) => isOfVersion(product))) {
    return `${vulnerability}: fixed, by VEX`;
  }
  const why = justification?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (status !== 'not_affected' || why === '' || products.length === 0) return null;
  return `${vulnerability}: not affected, by VEX: ${why.slice(0, WHY_MAX)}`;
}

const WHY_MAX = 200;

function isOfVersion({ package: meant }: VexProduct): boolean {
  return meant !== null && meant.version !== null;
}

function isAfter(statement: VexStatement, objection: VexStatement): boolean {
  return statement.atMs !== null && objection.atMs !== null && statement.atMs > objection.atMs;
}

function isNamed(statement: VexStatement, { rule, aliases = [] }: Finding): boolean {
  const meant = new Set([statement.vulnerability, ...statement.aliases].map(lowerCase));
  return [rule, ...aliases].some((name) => meant.has(lowerCase(name)));
}

type Component = NonNullable<Finding['component']>;

function productsIn(
  { products }: VexStatement,
  { component }: Finding,
  isMeant: (meant: PackageName, component: Component) => boolean,
): readonly VexProduct[] {
  if (!component) return [];
  return products.filter(({ package: meant }) => meant === null || isMeant(meant, component));
}

/** A name without its ecosystem is that of another thing where the other side says one. */
function is(product: PackageName, component: Component): boolean {
  return mayBe(product, component) && product.ecosystem === (component.ecosystem ?? null);
}

/** So much is enough to object. */
function mayBe({ name, version, ecosystem }: PackageName, component: Component): boolean {
  const other = component.ecosystem ?? null;
  return (
    name === component.name &&
    (version === null || version === component.version) &&
    (ecosystem === null || other === null || ecosystem === other)
  );
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
