/**
 * From readings of what the instances of both arms take up to what a gauge is judged by: one difference
 * every five minutes. Without enough readings there is none, which is no evidence either way.
 */
import type { PoolId } from '../model/ids.ts';
import type { GaugeName, InstanceUsage } from '../model/instance-usage.ts';

/** What may be taken up at most, and for how long a candidate must be able to live without reaching it. */
export interface GaugeLimit {
  readonly limit: number;
  readonly safeLifeMs: number;
}

/** Of the gauges that are judged, and only of them. */
export type GaugeLimits = Readonly<Partial<Record<GaugeName, GaugeLimit>>>;

export interface UsageReading {
  /** Of the balancer's clock, when it was known. */
  readonly second: number;
  /** Of these pools and maybe others. */
  readonly instances: readonly InstanceUsage[];
}

/** Plain data, kept with the comparison. */
export interface GaugeBlocks {
  /**
   * The process of each instance. With others, or under another split, everybody takes up something else:
   * the blocks before can't be ranked among those that follow.
   */
  readonly processes: Readonly<Record<string, number>>;
  readonly splitSecond: number;
  /** Of the first reading of these processes under this split. */
  readonly sinceSecond: number;
  readonly series: Readonly<Partial<Record<GaugeName, GaugeSeries>>>;
}

export interface GaugeSeries {
  /** Of the candidate when it had warmed up: what is left to the limit must last for its safe life. */
  readonly level: number;
  /** How much more than the stable release it took up, for each reading of the block that runs. */
  readonly differences: readonly number[];
  readonly first: GaugeBlock | null;
  readonly last: GaugeBlock | null;
}

export interface GaugeBlock {
  /** The last one of it. */
  readonly second: number;
  readonly difference: number;
}

export interface GaugeSecond {
  readonly second: number;
  /** Since when the split is in force. */
  readonly splitSecond: number;
  readonly candidate: PoolId;
  readonly stable: PoolId;
  /** Whether what it is compared with was started beside it, so that both warm up together. */
  readonly isFresh: boolean;
  /** Of this second. */
  readonly readings: readonly UsageReading[];
}

export interface GaugesBehind {
  /** Null before the first reading. */
  readonly blocks: GaugeBlocks | null;
  /** With these readings another series begins. */
  readonly isAnew: boolean;
  /** For each gauge whose block has ended with the second: the difference less the margin. */
  readonly ended: Readonly<Partial<Record<GaugeName, number>>>;
}

export const READ_EVERY_SECONDS = 10;
const BLOCK_SECONDS = 300;
const READINGS_MIN = BLOCK_SECONDS / READ_EVERY_SECONDS / 2;
/** A stable release has warmed up long ago: beside it, the candidate must have done so, too. */
const BURN_IN_SECONDS = 1_800;
const BURN_IN_FRESH_SECONDS = 300;

/** Behind one more second. */
export function watchGauges(
  limits: GaugeLimits,
  before: GaugeBlocks | null,
  at: GaugeSecond,
): GaugesBehind {
  let blocks = before?.splitSecond === at.splitSecond ? before : null;
  let isAnew = false;
  for (const { instances } of at.readings) {
    const arms = {
      candidate: instances.filter(({ pool }) => pool === at.candidate),
      stable: instances.filter(({ pool }) => pool === at.stable),
    };
    if (arms.candidate.length === 0 || arms.stable.length === 0) continue;
    if (blocks === null || haveOthers(blocks, arms)) {
      blocks = { ...begunWith(arms), splitSecond: at.splitSecond, sinceSecond: at.second };
      isAnew = true;
    }
    if (areWhole(blocks, arms)) blocks = withReading(limits, blocks, at, arms);
  }
  if (blocks === null) return { blocks, isAnew, ended: {} };
  const seconds = warmSeconds(blocks, at) + 1;
  if (seconds <= 0 || seconds % BLOCK_SECONDS > 0) return { blocks, isAnew, ended: {} };
  return { ...withoutBlock(limits, blocks, { second: at.second, seconds }), isAnew };
}

interface Arms {
  readonly candidate: readonly InstanceUsage[];
  readonly stable: readonly InstanceUsage[];
}

function begunWith({ candidate, stable }: Arms): Pick<GaugeBlocks, 'processes' | 'series'> {
  const running = [...candidate, ...stable].flatMap(({ instance, pid }) =>
    pid === null ? [] : [[instance, pid] as const],
  );
  return { processes: Object.fromEntries(running), series: {} };
}

/** An instance without a process is missing; one with another process has been started anew. */
function haveOthers({ processes }: GaugeBlocks, { candidate, stable }: Arms): boolean {
  return [...candidate, ...stable].some(
    ({ instance, pid }) => pid !== null && processes[instance] !== pid,
  );
}

function areWhole({ processes }: GaugeBlocks, { candidate, stable }: Arms): boolean {
  const all = [...candidate, ...stable];
  return all.length === Object.keys(processes).length && all.every(({ pid }) => pid !== null);
}

/** Seconds since the end of the burn-in; below 0 before. */
function warmSeconds({ sinceSecond }: GaugeBlocks, { second, isFresh }: GaugeSecond): number {
  return second - sinceSecond - (isFresh ? BURN_IN_FRESH_SECONDS : BURN_IN_SECONDS);
}

function withReading(
  limits: GaugeLimits,
  blocks: GaugeBlocks,
  at: GaugeSecond,
  arms: Arms,
): GaugeBlocks {
  const isWarm = warmSeconds(blocks, at) >= 0;
  const series = { ...blocks.series };
  for (const name of gaugesOf(limits)) {
    const [candidate, stable] = [usedBy(arms.candidate, name), usedBy(arms.stable, name)];
    if (candidate === null || stable === null) continue;
    const known = series[name];
    series[name] = {
      level: isWarm && known ? known.level : candidate,
      differences: isWarm ? [...(known?.differences ?? []), candidate - stable] : [],
      first: known?.first ?? null,
      last: known?.last ?? null,
    };
  }
  return { ...blocks, series };
}

function withoutBlock(
  limits: GaugeLimits,
  blocks: GaugeBlocks,
  at: { readonly second: number; readonly seconds: number },
): Pick<GaugesBehind, 'blocks' | 'ended'> {
  const ended: Partial<Record<GaugeName, number>> = {};
  const series = { ...blocks.series };
  for (const name of gaugesOf(limits)) {
    const known = series[name];
    if (!known) continue;
    series[name] = { ...known, differences: [] };
    if (known.differences.length < READINGS_MIN) continue;
    const block = { second: at.second, difference: medianOf(known.differences) };
    series[name] = { ...series[name], first: known.first ?? block, last: block };
    const margin = marginPerMs(limits[name], known.level) * at.seconds * 1_000;
    ended[name] = block.difference - margin;
  }
  return { blocks: { ...blocks, series }, ended };
}

/** What is above its limit already has no margin: nothing more may be added. */
function marginPerMs(limit: GaugeLimit | undefined, level: number): number {
  return limit === undefined ? 0 : Math.max(0, limit.limit - level) / limit.safeLifeMs;
}

function usedBy(instances: readonly InstanceUsage[], name: GaugeName): number | null {
  const values = instances.flatMap(({ gauges }) => gauges[name] ?? []);
  return values.length < instances.length ? null : medianOf(values);
}

/** Of at least one. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const [low = 0, high = low] = sorted.slice(
    Math.ceil(sorted.length / 2) - 1,
    Math.floor(sorted.length / 2) + 1,
  );
  return (low + high) / 2;
}

export function gaugesOf(limits: GaugeLimits): readonly GaugeName[] {
  return Object.keys(limits) as GaugeName[];
}
