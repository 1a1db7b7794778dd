import { readFile } from 'node:fs/promises';
import type { Outcome } from './outcome.ts';
import { createTally, latencyOf, type Counts, type Latency } from './tally.ts';

/** A load run as its file tells it: what was asked, what became of it, and the harness's marks. */
export interface History {
  readonly outcomes: readonly Outcome[];
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly mark: string;
  readonly atMs: number;
}

export interface PhaseFigures extends Counts {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Failed and unknown: all that a user would have noticed. */
  readonly errors: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly latencyMs: Latency;
}

/**
 * Reads a history, also that of a client that was killed: a last line without an end is left out. A
 * broken line anywhere else is an error, for then the file is not a history.
 */
export async function readHistory(path: string): Promise<History> {
  return parseHistory(await readFile(path, 'utf8'));
}

export function parseHistory(content: string): History {
  const lines = content.split('\n').slice(0, -1);
  const entries = lines.map((line, index) => parseLine(line, index + 1));
  return { outcomes: entries.filter(isOutcome), marks: entries.filter(isMark) };
}

/** Those requests that were sent in [fromMs, toMs); sessions count where they ended. */
export function cutHistory(history: History, fromMs: number, toMs: number): readonly Outcome[] {
  return history.outcomes.filter((outcome) => {
    const atMs = momentOf(outcome);
    return atMs >= fromMs && atMs < toMs;
  });
}

/** The figures of some outcomes, such as a cut. */
export function phaseFigures(
  name: string,
  outcomes: readonly Outcome[],
  fromMs: number,
  toMs: number,
): PhaseFigures {
  const tally = createTally();
  for (const outcome of outcomes) tally.add(outcome);
  const summary = tally.summary({ rateWanted: 0, started: 0, elapsedMs: 0, slowKinds: ['slow'] });
  const answered = outcomes.filter(({ kind, status }) => isOrdinary(kind) && status !== null);
  return {
    ...tally.counts(),
    name,
    fromMs,
    toMs,
    errors: summary.failed + summary.unknown,
    byReason: summary.byReason,
    latencyMs: latencyOf(answered.map(({ durationMs }) => durationMs)),
  };
}

/** From each mark to the next; what came before the first mark is the phase `start`. */
export function phasesOf(history: History): readonly PhaseFigures[] {
  const cuts: readonly Mark[] = [{ mark: 'start', atMs: 0 }, ...history.marks];
  return cuts.map(({ mark, atMs }, index) => {
    const toMs = cuts[index + 1]?.atMs ?? Infinity;
    return phaseFigures(mark, cutHistory(history, atMs, toMs), atMs, toMs);
  });
}

function isOrdinary(kind: string): boolean {
  return kind !== 'slow' && kind !== 'sse' && kind !== 'ws';
}

function momentOf(outcome: Outcome): number {
  const isSession = outcome.kind === 'sse' || outcome.kind === 'ws';
  return isSession ? outcome.intendedAtMs + outcome.durationMs : outcome.startedAtMs;
}

type Entry = Outcome | Mark | { readonly load: unknown };

function parseLine(line: string, number: number): Entry {
  try {
    const entry: unknown = JSON.parse(line);
    if (isEntry(entry)) return entry;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`line ${number} is not an entry of a load history: ${line.slice(0, 80)}`);
}

// Our own file, so the key that tells the entries apart is enough.
function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  return 'outcome' in value || 'mark' in value || 'load' in value;
}

function isOutcome(entry: Entry): entry is Outcome {
  return 'outcome' in entry;
}

function isMark(entry: Entry): entry is Mark {
  return 'mark' in entry;
}
