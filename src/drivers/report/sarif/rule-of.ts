/** Which rule a reference of SARIF means: a place in a list of rules only where its id does not say otherwise. */
import { worseOfBoth, type SarifRule } from './sarif-rule.ts';

export interface RuleReference {
  readonly id?: string | undefined;
  readonly index?: number | undefined;
  /** Missing for the tool itself; without an index an extension is named in another way. */
  readonly toolComponent?: { readonly index?: number | undefined } | undefined;
}

/** A list of rules; of several of one id all that is worse counts. */
export interface RuleList {
  readonly rules: readonly SarifRule[];
  readonly byId: ReadonlyMap<string, SarifRule>;
}

/** Those of the tool itself, then of each of its extensions. */
export interface RuleBook {
  readonly lists: readonly RuleList[];
  /** Of all lists together. */
  readonly byId: RuleList['byId'];
}

export function ruleBook(lists: readonly (readonly SarifRule[])[]): RuleBook {
  return {
    lists: lists.map((rules) => ({ rules, byId: byId(rules) })),
    byId: byId(lists.flat()),
  };
}

function byId(rules: readonly SarifRule[]): RuleList['byId'] {
  const found = new Map<string, SarifRule>();
  for (const rule of rules) {
    const before = found.get(rule.id);
    found.set(rule.id, before ? worseOfBoth(before, rule) : rule);
  }
  return found;
}

/** A longer id has no rule above it that anybody would look for. */
const ID_MAX = 1_000;

export function ruleOf(
  { id, index, toolComponent }: RuleReference,
  { lists, byId: ofAll }: RuleBook,
): SarifRule | undefined {
  const component = toolComponent ? lists[(toolComponent.index ?? NaN) + 1] : lists[0];
  const placed = component?.rules[index ?? -1];
  if (placed && (id === undefined || isBelow(id, placed.id))) return placed;
  for (let name = id ?? ''; name !== ''; name = parentOf(name)) {
    // A rule of an extension may be named without saying of which one.
    const isNamed = toolComponent !== undefined && component !== undefined;
    const found = (isNamed ? component.byId.get(name) : undefined) ?? ofAll.get(name);
    if (found) return found;
    if (name.length > ID_MAX) return undefined;
  }
  return undefined;
}

/** `CA1000/1` is a part of `CA1000`. */
function isBelow(id: string, rule: string): boolean {
  return id === rule || id.startsWith(`${rule}/`);
}

function parentOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('/')));
}
