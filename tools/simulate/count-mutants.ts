/** Faults that are planted into the protocol, and what becomes of them. */
import { huntMutants } from '../../test/simulation/mutants/hunt-mutants.ts';

export interface MutantCounts {
  readonly planted: number;
  /** Noticed by the observer or by another rule that every run is held to. */
  readonly killed: number;
  /** Argued to be the same from outside, and not noticed. */
  readonly argued: number;
}

const PROCESSES = 2;

/** `surprises` are mutants that nobody noticed, and argued ones that somebody did. */
export async function countMutants(): Promise<{
  readonly counts: MutantCounts;
  readonly surprises: readonly string[];
}> {
  const counts = { planted: 0, killed: 0, argued: 0 };
  const surprises: string[] = [];
  await huntMutants(PROCESSES, ({ mutant, found }) => {
    const isArgued = mutant.argued !== undefined;
    counts.planted += 1;
    if (found) counts.killed += 1;
    else if (isArgued) counts.argued += 1;
    if ((found === null) !== isArgued) surprises.push(mutant.name);
  });
  return { counts, surprises };
}
