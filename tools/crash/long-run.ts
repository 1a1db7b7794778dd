/**
 * A strike in every rollout, for as long as it takes to have enough rollouts and requests. In chunks,
 * each with a stand and a load client of its own: memory and the newsroom's tables stay small, and
 * what a chunk saw is on record when a later one is cut off.
 */
import { appendFile, readFile } from 'node:fs/promises';
import type { RolloutFigures } from '../stand/newsroom-stand.ts';
import { strikeOf, type StrikeKind } from './blow.ts';
import { crashRound, type RoundResult } from './crash-round.ts';
import { rolloutFor } from './crash-stand.ts';
import { errorCounts } from './crash-table.ts';
import { drawPlans } from './draw-plans.ts';
import { violationLines } from './tell-run.ts';
import type { Victim } from './victim.ts';

export interface LongRunOptions {
  readonly rollouts: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** By turns, one a chunk. */
  readonly strikes: readonly StrikeKind[];
  readonly victims: readonly Victim[];
  readonly seed: number;
  /** One JSON object a chunk; chunks that are there already are not made again. */
  readonly recordPath: string | null;
}

export interface LongRunFigures {
  readonly requests: number;
  /** Each with a strike that fired. */
  readonly rollouts: number;
  readonly promoted: number;
  readonly reverted: number;
  readonly held: number;
  readonly strikes: Readonly<Record<string, number>>;
  /** Client errors by strike, victim, kind and reason: of the struck process, and of the mechanics. */
  readonly explained: Readonly<Record<string, number>>;
  readonly unexplained: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  readonly seconds: number;
}

const CHUNK = 10;
/** More requests than the quick rollout of the matrix sees. */
const LONGER = { holdFor: '3500ms', minSamples: 200 } as const;

export async function longRun(
  options: LongRunOptions,
  say: (text: string) => void,
  stop: AbortSignal,
): Promise<LongRunFigures> {
  const chunks = [...(await recorded(options.recordPath))];
  if (chunks.length > 0) say(`${chunks.length} chunks are on record; going on after them`);
  let total = sumOf(chunks);
  const isEnough = (): boolean =>
    total.rollouts >= options.rollouts && total.requests >= options.requests;
  while (!isEnough() && !stop.aborted) {
    const chunk = await makeChunk(options, chunks.length, { say, stop });
    if (options.recordPath !== null) {
      await appendFile(options.recordPath, `${JSON.stringify(chunk)}\n`);
    }
    chunks.push(chunk);
    total = sumOf(chunks);
    say(progressLine(total));
  }
  return total;
}

async function makeChunk(
  options: LongRunOptions,
  index: number,
  { say, stop }: { readonly say: (text: string) => void; readonly stop: AbortSignal },
): Promise<LongRunFigures> {
  const { strikes, victims, requestsPerSecond } = options;
  const kind = strikes[index % strikes.length] ?? 'kill';
  const seed = options.seed * 1_000 + index;
  const rollout: RolloutFigures = { ...rolloutFor(kind), ...LONGER };
  const startedMs = performance.now();
  const result = await crashRound({
    kind,
    rollout,
    requestsPerSecond,
    seed,
    mix: 'newsroom-assets',
    plansOf: (names) => drawPlans(names, kind, { victims, seed, count: CHUNK }),
    say,
    stop,
  });
  for (const run of result.runs) {
    if (run.violations.length > 0) say(violationLines(run).join('\n'));
  }
  return figuresOf(result, (performance.now() - startedMs) / 1_000);
}

function figuresOf({ runs, faults }: RoundResult, seconds: number): LongRunFigures {
  const struck = runs.filter(({ strike }) => strike !== null);
  const ended = (outcome: string): number => struck.filter((run) => run.outcome === outcome).length;
  return {
    requests: runs.reduce((sum, { requests }) => sum + requests, 0),
    rollouts: struck.length,
    promoted: ended('promoted'),
    reverted: ended('reverted'),
    held: ended('held'),
    strikes: countsOf(struck.map(({ plan }) => `${strikeOf(plan.blow)} ${plan.victim}`)),
    explained: errorCounts(runs, ({ clientErrors, unexplained }) =>
      clientErrors.filter((error) => !unexplained.includes(error)),
    ),
    unexplained: errorCounts(runs, ({ unexplained }) => unexplained),
    violations: [...runs.flatMap(({ violations }) => violations), ...faults],
    seconds: Math.round(seconds),
  };
}

/** Exported for tests. */
export function sumOf(chunks: readonly LongRunFigures[]): LongRunFigures {
  const sum = (
    name: 'requests' | 'rollouts' | 'promoted' | 'reverted' | 'held' | 'seconds',
  ): number => chunks.reduce((total, chunk) => total + chunk[name], 0);
  return {
    requests: sum('requests'),
    rollouts: sum('rollouts'),
    promoted: sum('promoted'),
    reverted: sum('reverted'),
    held: sum('held'),
    strikes: merged(chunks.map(({ strikes }) => strikes)),
    explained: merged(chunks.map(({ explained }) => explained)),
    unexplained: merged(chunks.map(({ unexplained }) => unexplained)),
    violations: chunks.flatMap(({ violations }) => violations),
    seconds: sum('seconds'),
  };
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function longRunTable(figures: LongRunFigures): string {
  const { requests, rollouts, promoted, reverted, held, violations, seconds } = figures;
  const lines = (name: string, counts: Readonly<Record<string, number>>): readonly string[] => [
    `${name}: ${totalOf(counts)}`,
    ...Object.entries(counts)
      .sort()
      .map(([what, count]) => `  ${what}: ${count}`),
  ];
  return [
    `requests: ${requests}`,
    `rollouts with a strike: ${rollouts} (${promoted} promoted, ${reverted} reverted, ${held} held)`,
    ...lines('strikes', figures.strikes),
    ...lines('client errors explained by the struck process', figures.explained),
    ...lines('client errors from the mechanics', figures.unexplained),
    `violations: ${violations.length}`,
    ...violations.map((violation) => `  ✗ ${violation}`),
    `minutes: ${(seconds / 60).toFixed(1)}`,
  ].join('\n');
}

function progressLine(total: LongRunFigures): string {
  const { requests, rollouts, violations } = total;
  return (
    `so far: ${requests} requests, ${rollouts} rollouts, ${totalOf(total.explained)} errors of struck processes, ` +
    `${totalOf(total.unexplained)} of the mechanics, ${violations.length} violations`
  );
}

async function recorded(path: string | null): Promise<readonly LongRunFigures[]> {
  if (path === null) return [];
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  // The last line may have been cut off with the run.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LongRunFigures);
}

function merged(
  all: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [what, count] of all.flatMap((counts) => Object.entries(counts))) {
    sums.set(what, (sums.get(what) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  return merged(names.map((name) => ({ [name]: 1 })));
}
