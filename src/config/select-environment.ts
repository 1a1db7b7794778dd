/** Which of the declared environments is meant. */
import type { Finding } from './config-problem.ts';
import { placeOf, valueAt, type ConfigTree } from './config-tree.ts';
import { suggest } from './suggest.ts';

export type SelectedEnvironment =
  | { readonly kind: 'selected'; readonly name: string }
  | { readonly kind: 'refused'; readonly finding: Finding }
  /** The schema reports what is wrong with the section itself. */
  | { readonly kind: 'undeclared' };

export function selectEnvironment(
  tree: ConfigTree,
  wanted: string | undefined,
): SelectedEnvironment {
  const declared = valueAt(tree.value, ['environments']);
  if (declared === null || typeof declared !== 'object' || Array.isArray(declared)) {
    return { kind: 'undeclared' };
  }
  const names = Object.keys(declared);
  const [only] = names;
  if (only === undefined) return { kind: 'undeclared' };
  if (wanted !== undefined && names.includes(wanted)) return { kind: 'selected', name: wanted };
  if (wanted === undefined && names.length === 1) return { kind: 'selected', name: only };

  const suggestion = wanted === undefined ? undefined : suggest(wanted, names);
  const message =
    wanted === undefined
      ? `there are several environments (${names.join(', ')}); say which one is meant`
      : `there is no environment "${wanted}"; declared are: ${names.join(', ')}`;
  const path = ['environments'];
  const finding: Finding = {
    code: 'environment-unknown',
    message,
    at: placeOf(tree, path).keyAt,
    path,
    ...(suggestion !== undefined && { suggestion }),
  };
  return { kind: 'refused', finding };
}
