import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { aSample, candidatePool, stablePool } from '../../../test/support/core/traffic-builder.ts';
import { aReading, MIB, readings } from '../../../test/support/core/usage-builder.ts';
import { comparedSoFar, type ComparedFigures } from './compared-figures.ts';
import { comparisonSentence } from './comparison-sentence.ts';
import { compareSeconds, type Comparison, type ComparisonPolicy } from './comparison.ts';
import { defaultVerdictSettings } from './default-verdict-settings.ts';
import {
  watchGauges,
  type GaugeBlocks,
  type GaugeLimits,
  type UsageReading,
} from './gauge-blocks.ts';
import { gaugeEvidence, initialGauge, observeBlock } from './gauge-martingale.ts';
import type { MetricFamily } from './verdict-settings.ts';

const HOUR = 3_600;
const WEEK_MS = 7 * 24 * HOUR * 1_000;
const START = 1_000;

function policyOf(families: readonly MetricFamily[], isFresh: boolean): ComparisonPolicy {
  return {
    settings: defaultVerdictSettings({
      ...{ tickMs: 1_000, horizonTicks: 4 * HOUR },
      ...{ families, gauges: ['memory'] },
    }),
    ...{ mustExcludeHarm: false, warmUpResponses: 0 },
    gauges: { memory: { limit: 1_024 * MIB, safeLifeMs: WEEK_MS } },
    ...(isFresh && { against: stablePool }),
  };
}

/** Garbage goes up and down by itself; a fresh instance takes a quarter of an hour to fill its caches. */
function usageOf(seed: number, leakPerMinute: number): (second: number) => UsageReading {
  const draws = seededDraws(seed);
  const garbage = (): number => 40 * draws.uniform() + 5 * draws.normal();
  return (second) => {
    const minutes = (second - START) / 60;
    const warmth = 60 * (1 - Math.exp(-minutes / 15));
    const candidate = (): number => 100 + warmth + leakPerMinute * minutes + garbage();
    const stable = (): number => 160 + garbage();
    return aReading(
      second,
      [candidate() * MIB, candidate() * MIB],
      [stable() * MIB, stable() * MIB],
    );
  };
}

/** The minute in which it was condemned, and what was found by then; null when it was not. */
function condemned(
  policy: ComparisonPolicy,
  usage: (second: number) => UsageReading,
  hours: number,
): { readonly minute: number; readonly figures: ComparedFigures } | null {
  const nowSecond = START + hours * HOUR;
  const traffic = {
    ...{ pools: { candidate: candidatePool, stable: stablePool }, nowSecond, splitSecond: START },
    samples: [aSample({ second: START }), aSample({ second: START, pool: stablePool })],
    readings: readings(START, nowSecond, usage),
  };
  let last: Comparison | null = null;
  for (const behind of compareSeconds(policy, null, traffic)) {
    last = behind;
    if (behind.state.condemnedAt !== null) break;
  }
  const at = last?.state.condemnedAt;
  if (at === null || at === undefined) return null;
  return { minute: at / 60, figures: comparedSoFar(policy, 10, last).tell() };
}

const families = ['errors', 'latency', 'resources'] as const;

for (const [beside, isFresh, minutes] of [
  ['the stable pool', false, 155],
  ['a fresh pool', true, 140],
] as const) {
  test(`a leak of a megabyte a minute is found beside ${beside} in ${minutes} minutes, and named`, () => {
    for (const seed of [1, 2, 3]) {
      const found = condemned(policyOf(families, isFresh), usageOf(seed, 1), 3);

      assert.ok(found && found.minute <= minutes, `seed ${seed}: ${found?.minute}`);
      assert.deepEqual(found.figures.culprits, ['resources']);
      assert.match(
        comparisonSentence(found.figures),
        /It takes up more and more: memory \+1\d\d MiB against the stable release over 1 h 5\d min\./,
      );
    }
  });
}

test('nobody is condemned in a day for garbage that comes and goes, and for caches that fill', () => {
  const { settings, gauges } = policyOf(['resources'], false);
  const needed = -Math.log(settings.falseRollback);
  for (let seed = 1; seed <= 20; seed += 1) {
    const most = greatestEvidence(gauges ?? {}, usageOf(seed, 0), 24);
    assert.ok(most < needed, `seed ${seed}: ${most}`);
  }
});

/** The same without the seconds between readings, in which nothing happens. */
function greatestEvidence(
  limits: GaugeLimits,
  usage: (second: number) => UsageReading,
  hours: number,
): number {
  let blocks: GaugeBlocks | null = null;
  let gauge = initialGauge;
  let greatest = 0;
  for (let second = START; second < START + hours * HOUR; second += 10) {
    for (const at of [second, second + 9]) {
      const behind = watchGauges(limits, blocks, {
        ...{ second: at, splitSecond: START, isFresh: false },
        ...{ candidate: candidatePool, stable: stablePool },
        readings: at === second ? [usage(at)] : [],
      });
      blocks = behind.blocks;
      const { memory } = behind.ended;
      if (memory !== undefined) gauge = observeBlock(gauge, memory);
    }
    greatest = Math.max(greatest, gaugeEvidence(gauge));
  }
  return greatest;
}
