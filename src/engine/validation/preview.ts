/**
 * A preview: one instance of what is checked, with a port and a database of its own, for the checks that need one. It
 * runs in a copy, and is ended with everything that it has started, whatever becomes of the chain.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PREVIEW } from '../../config/preview-schema.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { lastWords } from '../../core/words/last-words.ts';
import { elapsedMs } from '../../platform/clock.ts';
import { bringUpPreview } from './bring-up-preview.ts';
import { openKeptLog } from './kept-log.ts';
import type { ProbeReading } from './look-at-preview.ts';
import { nothingDone, type CheckResult } from './check-result.ts';
import type { BringingUp, RunningPreview } from './running-preview.ts';
import { stoppedBecause } from './stopped-because.ts';

export interface Preview {
  /** To be called once. Its result is a row among those of the checks. */
  readonly start: (signal: AbortSignal) => Promise<CheckResult>;
  /** Null before it is ready. */
  readonly running: () => RunningPreview | null;
  /** Resolves when nothing of it is left; the second call waits for the first. */
  readonly end: () => Promise<void>;
}

export interface PreviewRun extends Pick<
  BringingUp,
  'plan' | 'base' | 'directory' | 'environment' | 'clock'
> {
  /** Made here. */
  readonly evidence: string;
  readonly secretValues: readonly string[];
  readonly onLine: (line: string) => void;
}

/** How what was begun is undone; the last one first. */
type Undo = (() => Promise<void>)[];

export function createPreview(run: PreviewRun): Preview {
  const ending = new AbortController();
  const undo: Undo = [];
  let running: RunningPreview | null = null;
  let starting: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> | null = null;

  async function start(signal: AbortSignal): Promise<CheckResult> {
    const { result, preview } = await startNow(run, undo, AbortSignal.any([signal, ending.signal]));
    running = preview;
    return result;
  }

  async function endNow(): Promise<void> {
    running = null;
    ending.abort(new Error('It was ended.'));
    await starting.catch(() => undefined);
    await undoAll(undo);
  }

  return {
    start(signal) {
      const started = start(signal);
      starting = started;
      return started;
    },
    running: () => running,
    end: () => (ended ??= endNow()),
  };
}

const LAST_LINES = 20;

function withLastWords(sentence: string, lines: readonly string[]): string {
  const words = lastWords(lines);
  return words === '' ? sentence : `${sentence} I${words.slice(1)}`;
}

/** Each is tried, whatever becomes of the others. */
async function undoAll(undo: Undo): Promise<void> {
  const failures: unknown[] = [];
  for (const step of undo.splice(0).reverse())
    await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function startNow(
  run: PreviewRun,
  undo: Undo,
  signal: AbortSignal,
): Promise<{ readonly result: CheckResult; readonly preview: RunningPreview | null }> {
  const { clock, evidence, plan } = run;
  const startedNs = clock.monotonicNs();
  const startedAt = new Date(clock.wallMs()).toISOString();
  await mkdir(evidence, { recursive: true, mode: 0o700 });
  const path = join(evidence, 'preview.log');
  let lines: readonly string[] = [];
  const onLine = (line: string): void => {
    lines = [...lines, line].slice(-LAST_LINES);
    run.onLine(line);
  };
  const log = openKeptLog(path, { secretValues: run.secretValues, onLine });
  undo.push(log.close);
  const { readings, preview, because } = await tryBringingUp({
    ...{ ...run, signal, log: log.write },
    said: (sentence) => withLastWords(sentence, lines),
    undo: (step) => undo.push(step),
  });
  // What is not ready is needed by nobody.
  if (preview === null) await undoAll(undo);
  const result: CheckResult = {
    ...nothingDone({ name: PREVIEW, run: plan.command }),
    ...{ outcome: preview ? 'PASS' : 'ERROR', because, startedAt },
    criteria: readings.map(({ name, result: { observed, expected, ok } }) => ({
      ...{ what: `probe ${name}`, observed, limit: expected, state: ok ? 'met' : 'unknown' },
    })),
    durationMs: Math.round(elapsedMs(clock, startedNs)),
    evidence: { log: path, report: null },
  };
  return { result, preview };
}

async function tryBringingUp(up: BringingUp): Promise<{
  readonly readings: readonly ProbeReading[];
  readonly preview: RunningPreview | null;
  readonly because: string | null;
}> {
  try {
    return { ...(await bringUpPreview(up)), because: null };
  } catch (error) {
    const failed = { readings: [], preview: null };
    if (up.signal.aborted) return { ...failed, because: stoppedBecause(up.signal) };
    if (error instanceof OperationalError) return { ...failed, because: error.message };
    throw error;
  }
}
