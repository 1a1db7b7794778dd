/** In which order services are brought in: what others depend on comes first. */
import { ownValue } from '../own-value.ts';

export type DependencyOrder =
  | { readonly kind: 'ordered'; readonly names: readonly string[] }
  /** Each depends on the next, and the last on the first. */
  | { readonly kind: 'circle'; readonly names: readonly string[] };

/**
 * `dependsOn` by name; who does not depend on each other keeps the given order. Of some, and what they depend on,
 * or of all.
 */
export function dependencyOrder(
  dependsOn: Readonly<Record<string, readonly string[]>>,
  some: readonly string[] = Object.keys(dependsOn),
): DependencyOrder {
  const ordered = new Set<string>();
  /** From a service along its dependencies; a circle when it comes to one that it came from. */
  function place(name: string, from: readonly string[]): readonly string[] | null {
    if (ordered.has(name)) return null;
    if (from.includes(name)) return from.slice(from.indexOf(name));
    for (const needed of ownValue(dependsOn, name) ?? []) {
      const circle = place(needed, [...from, name]);
      if (circle) return circle;
    }
    ordered.add(name);
    return null;
  }
  for (const name of some) {
    const circle = place(name, []);
    if (circle) return { kind: 'circle', names: circle };
  }
  return { kind: 'ordered', names: [...ordered] };
}
