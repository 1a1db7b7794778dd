/** What is demanded of a system, one control at a time, and what must show that it holds. Data only. */
import type { Level } from '../validation/level.ts';
import type { FactName } from './observable-fact.ts';

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

export interface Control {
  readonly id: string;
  readonly title: string;
  /** What demands it: a line of a standard. */
  readonly source: string;
  /** How bad it is when it fails. */
  readonly level: Level;
  readonly applies: Condition;
  /** All of these must show it. */
  readonly evidence: readonly Evidence[];
}

/** Where a control applies; what is missing does not matter. */
export interface Condition {
  readonly environments?: readonly string[];
  readonly services?: readonly string[];
  /** It applies while this holds. */
  readonly fact?: FactName;
}

export type Evidence =
  | { readonly kind: 'check'; readonly check: string }
  /** Every check of the chain that fulfils this line of the protocol. */
  | { readonly kind: 'row'; readonly row: string }
  | { readonly kind: 'fact'; readonly fact: FactName }
  /** Nothing shows it, and why. */
  | { readonly kind: 'missing'; readonly why: string };

/** That a control does not apply, said by somebody, for a time. */
export interface Exemption {
  readonly control: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it counts, as people wrote it. */
  readonly until: string;
  /** The last moment at which it counts, since 1970. */
  readonly untilMs: number;
}
