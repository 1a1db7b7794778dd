/** What is asked of a forecast, checked before anybody else is asked anything. */
import { percentageSchema } from '../../config/scalar-schemas.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';
import { durationOption } from '../duration-option.ts';
import { numberOption } from '../number-option.ts';
import { quoted } from '../render/escape-text.ts';
import { usageError } from '../usage-error.ts';

export interface ForecastOptions {
  readonly power?: true;
  readonly simulate?: string;
  readonly runs?: string;
  readonly seed?: string;
  readonly requestsPerSecond?: string;
  readonly errorRate?: string;
  readonly latency?: string;
}

export type GivenTraffic = Partial<DeclaredTraffic>;

export type ForecastWish = {
  readonly seed: number;
  readonly given: GivenTraffic;
} & (
  | {
      readonly kind: 'power';
      /** Null for as many as are rehearsed within seconds. */
      readonly runs: number | null;
    }
  | { readonly kind: 'outcomes'; readonly runs: number }
);

const SEED_MAX = 999_999_999;
const RUNS_MAX = 100_000;

/** Null when nothing is to be forecast. */
export function forecastWish(options: ForecastOptions): ForecastWish | null {
  const { power, simulate, runs, seed } = options;
  if (!power && simulate === undefined) return refuseStray(options);
  if (power && simulate !== undefined) {
    throw usageError('--power and --simulate are two forecasts; ask for one at a time.');
  }
  if (simulate !== undefined && runs !== undefined) {
    throw usageError('--runs belongs to --power; --simulate itself says how many.');
  }
  const common = {
    seed: seed === undefined ? 1 : numberOption('--seed', seed, 0, SEED_MAX),
    given: givenTraffic(options),
  };
  if (simulate !== undefined) {
    return { ...common, kind: 'outcomes', runs: numberOption('--simulate', simulate, 1, RUNS_MAX) };
  }
  const wanted = runs === undefined ? null : numberOption('--runs', runs, 1, RUNS_MAX);
  return { ...common, kind: 'power', runs: wanted };
}

/** An option that would do nothing was meant to do something. */
function refuseStray(options: ForecastOptions): null {
  const stray = Object.entries({
    '--runs': options.runs,
    '--seed': options.seed,
    '--requests-per-second': options.requestsPerSecond,
    '--error-rate': options.errorRate,
    '--latency': options.latency,
  }).find(([, value]) => value !== undefined);
  if (!stray) return null;
  throw usageError(`${stray[0]} says something about a forecast; add --power or --simulate.`);
}

function givenTraffic(options: ForecastOptions): GivenTraffic {
  const { requestsPerSecond, errorRate, latency } = options;
  return {
    ...(requestsPerSecond !== undefined && { requestsPerSecond: rateOption(requestsPerSecond) }),
    ...(errorRate !== undefined && { errorRate: shareOption(errorRate) }),
    ...(latency !== undefined && { latencyMs: latencyOption(latency) }),
  };
}

function rateOption(text: string): number {
  const rate = /^\d{1,7}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (rate > 0 && rate <= 1_000_000) return rate;
  throw usageError(
    `--requests-per-second ${quoted(text)} is not a number above 0 and up to 1000000.`,
  );
}

function shareOption(text: string): number {
  const parsed = percentageSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usageError(`--error-rate ${quoted(text)} is not a percentage; write it like 0% or 0.01%.`);
}

function latencyOption(text: string): DeclaredTraffic['latencyMs'] {
  const [first, second, ...others] = text.split(',');
  if (first === undefined || second === undefined || others.length > 0) {
    throw usageError(
      `--latency ${quoted(text)} is not a median and a p99; write it like 80ms,250ms.`,
    );
  }
  const [p50, p99] = [first, second].map((part) => durationOption('--latency', part.trim()));
  if (p50 !== undefined && p99 !== undefined && p50 > 0 && p99 >= p50) return { p50, p99 };
  throw usageError(`--latency ${quoted(text)}: the p99 comes second and is at least the median.`);
}
