/** Which rule a reference of SARIF means: a place in a list of rules only where its id does not say otherwise. */
import type { SarifRule } from './sarif-rule.ts';

export interface RuleReference {
  readonly id?: string | undefined;
  readonly index?: number | undefined;
  /** Missing for the tool itself; without an index an extension is named in another way. */
  readonly toolComponent?: { readonly index?: number | undefined } | undefined;
}

/** `rules`: those of the tool itself, then of each of its extensions. */
export function ruleOf(
  { id, index, toolComponent }: RuleReference,
  rules: readonly (readonly SarifRule[])[],
): SarifRule | undefined {
  const component = toolComponent ? (toolComponent.index ?? NaN) + 1 : 0;
  const known = rules[component] ?? [];
  const placed = known[index ?? -1];
  if (placed && (id === undefined || isBelow(id, placed.id))) return placed;
  // A rule of an extension may be named without saying of which one.
  const all = [...known, ...rules.flat()];
  for (let name = id ?? ''; name !== ''; name = parentOf(name)) {
    const found = all.find((each) => each.id === name);
    if (found) return found;
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
