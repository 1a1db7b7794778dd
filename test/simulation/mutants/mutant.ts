import type { Fault } from '../fault.ts';
import type { PlanShape } from '../scenario.ts';

/** A mistake that a person could make, planted into the protocol. */
export interface Mutant {
  /** What is wrong then, as the end of a sentence. */
  readonly name: string;
  /** Path of the changed file, from the root of the repository. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Faults under which it is likely to show: they are tried first, at random calls. */
  readonly under?: readonly Fault[];
  /** The plan in which they are; with two shifts when nothing is said. */
  readonly shape?: PlanShape;
  /** Why nobody can tell it from what is right, from outside; such a mutant must survive. */
  readonly argued?: string;
}
