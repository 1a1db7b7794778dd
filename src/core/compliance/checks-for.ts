/** What must be there before a profile can be judged: which checks of a chain, and which facts. */
import type { Profile } from './control.ts';
import type { FactName } from './observable-fact.ts';

export function checksFor(
  { controls }: Profile,
  checks: Readonly<Record<string, { readonly row?: string | undefined }>>,
): readonly string[] {
  const evidence = controls.flatMap((control) => control.evidence);
  return Object.entries(checks)
    .filter(([name, { row }]) =>
      evidence.some(
        (each) =>
          (each.kind === 'check' && each.check === name) ||
          (each.kind === 'row' && each.row === row),
      ),
    )
    .map(([name]) => name);
}

export function factsFor({ controls }: Profile): readonly FactName[] {
  const names = controls.flatMap(({ applies, evidence }) => [
    ...(applies.fact === undefined ? [] : [applies.fact]),
    ...evidence.flatMap((each) => (each.kind === 'fact' ? [each.fact] : [])),
  ]);
  return [...new Set(names)];
}
