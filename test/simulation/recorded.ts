/** What has been read of the audit log so far, and what it is held against. */
import { nothingCompared, type SeenCompared } from './observe-comparison.ts';
import { noFreezeSeen, type SeenFreezes } from './observe-freezes.ts';
import { nobodySeen, type SeenPeople } from './observe-people.ts';
import { isBelow, type Expectation, type Report, type Sight, type Token } from './sight.ts';

export interface Recorded {
  entriesSeen: number;
  /** What was issued under each token, each step's last token, and every attempt. */
  readonly issued: Map<string, string>;
  readonly tokens: Map<string, Token>;
  readonly attempts: Set<string>;
  /** The token of the split that was sent last. */
  newestSplit: Token;
  /** Steps that have passed, in their order, and the last outcome of each step. */
  readonly passed: string[];
  readonly outcomes: Map<string, 'passed' | 'failed' | 'unknown' | 'stopped'>;
  readonly people: SeenPeople;
  readonly freezes: SeenFreezes;
  readonly compared: SeenCompared;
  resumption: number;
  /** Its driver was lost when it could still be taken back. */
  mustRevert: boolean;
  /** The command to stop the stable pool, and the one after it, are on record. */
  isRetiring: boolean;
  /** The last command of all is on record. */
  isLast: boolean;
  /** So is the command to stop the candidate. */
  isStopping: boolean;
  revertDecided: boolean;
  /** Requests to abort that were refused, or are the cause of the way back. */
  abortsAnswered: number;
  exitsBeforeConfirming: number;
  /** The schema was changed by others before it was last asked for. */
  isAltered: boolean;
  /** Decisions on how the deployment ends, and entries that say it has ended. */
  ends: { decided: number; told: number };
}

export function nothingRecorded(): Recorded {
  return {
    entriesSeen: 0,
    issued: new Map(),
    tokens: new Map(),
    attempts: new Set(),
    passed: [],
    outcomes: new Map(),
    people: nobodySeen(),
    freezes: noFreezeSeen(),
    compared: nothingCompared(),
    resumption: 0,
    mustRevert: false,
    isRetiring: false,
    isLast: false,
    newestSplit: { deployment: 0, sequence: 0 },
    isStopping: false,
    revertDecided: false,
    abortsAnswered: 0,
    exitsBeforeConfirming: 0,
    isAltered: false,
    ends: { decided: 0, told: 0 },
  };
}

/** What the world says about the entries that are read. */
export interface World {
  readonly expected: Expectation;
  readonly sight: Sight;
  readonly report: Report;
  /** When the balancer was first seen to have taken the traffic away by itself. */
  readonly fellBackMs: number | null;
  /** When the split in force came, and by token what the candidate had been asked when it first came. */
  readonly splitSinceMs: number;
  readonly askedBefore: ReadonlyMap<string, number>;
  /** What it had been sent of copies when the mirror in force began. */
  readonly copiedBefore: number;
}

/**
 * Whether what is in force came by a reload that nobody has written over yet. A reload forgets all tokens, so
 * that an old split may come late behind it.
 */
export function isForeign({ newestSplit }: Recorded, { reloads, token }: Sight): boolean {
  return reloads > 0 && isBelow(token, newestSplit);
}
