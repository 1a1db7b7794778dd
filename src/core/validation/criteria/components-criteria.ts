/** What is asked of a list of components. */
import { enough, type Criterion } from '../criterion.ts';
import type { ComponentsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function componentsCriteria(
  { componentsMin }: ComponentsRule,
  { components }: Tally,
): readonly Criterion[] {
  return [enough('components', components, componentsMin)];
}
