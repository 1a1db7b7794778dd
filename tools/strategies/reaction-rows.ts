/** How fast bad releases lost their traffic, by strategy and release, beside what is promised. */
import { quantile } from '../../src/core/model/quantile.ts';
import { textTable } from '../command-line/text-table.ts';
import type { History } from '../load/history.ts';
import type { Fault } from './fault-of.ts';
import { isUntouched, promisedOf, reactionMs, type Promised } from './reaction.ts';
import type { Trial } from './trial.ts';

export interface ReactionRow {
  readonly strategy: string;
  readonly release: string;
  readonly fault: Fault;
  readonly tried: number;
  readonly untouched: number;
  readonly timesMs: readonly number[];
  readonly promise: Promised | null;
}

export function reactionRows(
  trials: readonly Trial[],
  history: History,
  slowMs: number,
): readonly ReactionRow[] {
  const groups = Map.groupBy(trials, ({ strategy, span }) => `${strategy} ${span.release}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const fault = first?.fault ?? null;
    if (!first || fault === null) return [];
    const { strategy } = first;
    const timesMs = group.flatMap(
      ({ span, firstFailures }) =>
        reactionMs(fault, span, { firstFailures, history, slowMs }) ?? [],
    );
    return {
      ...{ strategy, fault, timesMs, promise: promisedOf(strategy, fault) },
      release: first.span.release,
      tried: group.length,
      untouched: group.filter(({ span }) => isUntouched(span)).length,
    };
  });
}

/** What was promised and not kept, a line each. */
export function brokenReactions(rows: readonly ReactionRow[]): readonly string[] {
  return rows.flatMap((row) => {
    const { strategy, release, timesMs, tried, untouched, promise } = row;
    if (promise === null) return [];
    const name = `${strategy} ${release}`;
    const unseen = tried - untouched - timesMs.length;
    const tookMs = timesMs.length === 0 ? 0 : quantile(timesMs, promise.quantile);
    return [
      ...(unseen === 0
        ? []
        : [`${name} lost its traffic ${unseen} times without: ${promise.from}`]),
      ...(tookMs <= promise.withinMs
        ? []
        : [`${name} had traffic for ${ms(tookMs)} after: ${promise.from}`]),
    ];
  });
}

export function reactionTable(rows: readonly ReactionRow[]): string {
  const at = (timesMs: readonly number[], share: number): string =>
    timesMs.length === 0 ? '–' : ms(quantile(timesMs, share));
  return textTable(
    ['strategy', 'release', 'fault', 'until weight 0, from', 'times', 'untouched'].concat(
      'p50',
      'p99',
      'max',
      'promised',
    ),
    rows.map(({ strategy, release, fault, timesMs, untouched, promise }) => [
      ...[strategy, release, fault, promise?.from ?? '–'],
      ...[String(timesMs.length), String(untouched)],
      ...[0.5, 0.99, 1].map((share) => at(timesMs, share)),
      promise ? `${promise.quantile === 1 ? 'max' : 'p99'} ≤ ${promise.withinMs} ms` : '–',
    ]),
    4,
  );
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
