/** Several who may excuse a finding, as one. */
import type { Finding } from './fact.ts';
import type { Excuse } from './waiver.ts';

export type ExcuseOf = (finding: Finding) => Excuse | null;

/** The first that is valid, else the first that was meant to be one. Those behind a valid one are not asked. */
export function firstExcuse(sources: readonly ExcuseOf[]): ExcuseOf {
  return (finding) => {
    let invalid: Excuse | null = null;
    for (const excuseOf of sources) {
      const excuse = excuseOf(finding);
      if (excuse?.isValid) return excuse;
      invalid ??= excuse;
    }
    return invalid;
  };
}
