/** What is found about a statement, or about a part of it, and how such findings are put together. */
import type { HazardId } from './hazards.ts';
import type { LockMode } from './lock-mode.ts';
import type { MadeHere } from './made-here.ts';

/** `maybe` where it follows from what is in the database, which a text does not show. */
export type Certainty = 'no' | 'maybe' | 'yes';

/** What happens to a table that was there before. */
export interface Touch {
  readonly relation: string;
  readonly lock: LockMode;
  readonly rewrites: Certainty;
  /** Reads all of its rows while the lock is held. */
  readonly scans: Certainty;
}

export interface Found {
  readonly hazard: HazardId;
  /** The table, column, function or setting that it is about. */
  readonly subject: string;
  readonly lock: LockMode | null;
  readonly rewrites: Certainty;
  readonly scans: Certainty;
}

export interface Judged {
  readonly found: readonly Found[];
  readonly touches: readonly Touch[];
  /** What is of this deployment after it, and thus unknown to the release that runs. */
  readonly made: MadeHere;
  /** PostgreSQL refuses it inside of a transaction. */
  readonly needsNoTransaction: boolean;
}

export type Hazardous = readonly [hazard: HazardId, subject: string];

interface JudgedParts {
  readonly hazards?: readonly Hazardous[];
  readonly touches?: readonly Touch[];
  readonly needsNoTransaction?: boolean;
}

/** One statement or part; its hazards are told with the strongest that it does to a table. */
export function judgedAs(made: MadeHere, parts: JudgedParts = {}): Judged {
  const { hazards = [], touches = [], needsNoTransaction = false } = parts;
  const [first = null] = touches;
  const found = hazards.map(([hazard, subject]) => ({
    hazard,
    subject,
    lock: first?.lock ?? null,
    rewrites: first?.rewrites ?? 'no',
    scans: first?.scans ?? 'no',
  }));
  return { found, touches, made, needsNoTransaction };
}

/** One after the other, each with what those before have made. */
export function judgedInTurn<Part>(
  parts: readonly Part[],
  made: MadeHere,
  judge: (part: Part, made: MadeHere) => Judged,
): Judged {
  return parts.reduce<Judged>((before, part) => {
    const next = judge(part, before.made);
    return joined(before, next);
  }, judgedAs(made));
}

/** What the second has made is what counts. */
export function joined(before: Judged, next: Judged): Judged {
  return {
    found: [...before.found, ...next.found],
    touches: [...before.touches, ...next.touches],
    made: next.made,
    needsNoTransaction: before.needsNoTransaction || next.needsNoTransaction,
  };
}
