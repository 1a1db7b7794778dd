import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aTick,
  spread,
  stateBehind,
  verdictSettings,
} from '../../../test/support/core/verdict-builder.ts';
import { concludeVerdict, type VerdictCircumstances } from './conclude-verdict.ts';
import { defaultVerdictSettings } from './default-verdict-settings.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import { emptyTick, type VerdictTick } from './verdict-tick.ts';

const anHourLater: VerdictCircumstances = {
  weight: 10,
  elapsedMs: 3_600_000,
  elapsedMsMin: 60_000,
  sinceTickMs: 1_000,
  reporting: 3,
  instances: 3,
  mustExcludeHarm: true,
};

function concluded(
  ticks: readonly VerdictTick[],
  changes: Partial<VerdictCircumstances> & { readonly settings?: VerdictSettings } = {},
) {
  const { settings = verdictSettings(), ...circumstances } = changes;
  const state = stateBehind(ticks, settings);
  return concludeVerdict(settings, state, { ...anHourLater, ...circumstances });
}

const ticksOf = (count: number, of: (number: number) => VerdictTick = aTick): VerdictTick[] =>
  Array.from({ length: count }, (_, at) => of(at + 1));
const slow = (count: number) => ({ candidate: spread(count, 20), stable: spread(4_500) });

test('a healthy candidate passes once harm is excluded, and not before', () => {
  assert.equal(concluded(ticksOf(10)).open?.point, 'errors-open');
  const found = concluded(ticksOf(120));
  assert.equal(found.verdict, 'PASS');
  assert.deepEqual(found.culprits, []);
});

test('where harm need not be excluded, it passes as soon as there is something to compare', () => {
  assert.equal(concluded(ticksOf(10), { mustExcludeHarm: false }).verdict, 'PASS');
  assert.equal(concluded([], { mustExcludeHarm: false }).open?.point, 'no-data');
});

test('an open point says how far it is', () => {
  const { open } = concluded(ticksOf(10));
  assert.ok(open && open.observed > 0 && open.observed < open.limit);
  assert.ok(Math.abs(open.limit - Math.log(100)) < 1e-9);
});

test('a candidate that fails more often is rolled back, and errors are named', () => {
  const found = concluded(ticksOf(3, (number) => aTick(number, { candidateFailures: 25 })));
  assert.equal(found.verdict, 'ROLLBACK');
  assert.deepEqual(found.culprits, ['errors']);
});

test('a candidate that is slower is rolled back, and latency is named', () => {
  const found = concluded(ticksOf(30, (number) => aTick(number, { latency: slow(500) })));
  assert.equal(found.verdict, 'ROLLBACK');
  assert.deepEqual(found.culprits, ['latency']);
});

test('one that fails fast and slow is rolled back for both', () => {
  const bad = (number: number) => aTick(number, { candidateFailures: 25, latency: slow(475) });
  assert.deepEqual(concluded(ticksOf(30, bad)).culprits, ['errors', 'latency']);
});

test('a ROLLBACK is never withdrawn, however good the candidate is afterwards', () => {
  const ticks = [
    ...ticksOf(3, (number) => aTick(number, { candidateFailures: 25 })),
    ...ticksOf(2_000).map((tick) => ({ ...tick, number: tick.number + 3 })),
  ];
  assert.equal(concluded(ticks).verdict, 'ROLLBACK');
});

test('an incident that both arms meet blames nobody', () => {
  const incident = { candidateFailures: 50, stableFailures: 450 };
  const slice = { sliceResponses: 500, sliceFailures: 50 };
  const ticks = ticksOf(200, (number) => aTick(number, { ...incident, slice }));
  const found = concluded(ticks);
  assert.equal(found.verdict, 'INCONCLUSIVE');
  assert.equal(found.open?.point, 'incident');
  assert.ok(found.evidence.total < 0);
  const over = [...ticks, aTick(201), aTick(202), aTick(203)];
  assert.notEqual(concluded(over).open?.point, 'incident');
});

test('an incident is over within half a minute of its end, also where there is little traffic', () => {
  const quiet = { candidateResponses: 50, stableResponses: 450 };
  const ticks = ticksOf(205, (number) =>
    aTick(number, {
      ...quiet,
      ...(number <= 200 && { candidateFailures: 5, stableFailures: 45 }),
    }),
  );
  assert.equal(concluded(ticks.slice(0, 200)).open?.point, 'incident');
  assert.notEqual(concluded(ticks).open?.point, 'incident');
});

test('an incident is counted over both releases, however few requests the candidate has', () => {
  const few = { candidateResponses: 5, stableResponses: 4_995 };
  const after = (stableFailures: number) =>
    concluded(ticksOf(50, (number) => aTick(number, { ...few, stableFailures })));
  assert.equal(after(500).open?.point, 'incident');
  assert.notEqual(after(5).open?.point, 'incident');
});

test('a regression that shows late is found as soon as one that was there from the start', () => {
  const ticksUntilRollback = (before: number): number => {
    for (let bad = 1; ; bad += 1) {
      const ticks = ticksOf(before + bad, (number) =>
        aTick(number, number > before ? { candidateFailures: 5 } : {}),
      );
      if (concluded(ticks).verdict === 'ROLLBACK') return bad;
    }
  };
  assert.ok(ticksUntilRollback(700) <= ticksUntilRollback(0) + 2);
});

const NOBODY = { candidateResponses: 0, stableResponses: 0 };

const openPoints: readonly (readonly [
  string,
  readonly VerdictTick[],
  Partial<VerdictCircumstances>,
])[] = [
  ['no-data', [], {}],
  ['no-data', ticksOf(300, (number) => aTick(number, NOBODY)), {}],
  ['stale', ticksOf(300), { sinceTickMs: 16_000 }],
  ['too-early', ticksOf(300), { elapsedMs: 59_999 }],
  ['partial-data', ticksOf(300), { reporting: 1 }],
  ['not-serving', ticksOf(300, (number) => aTick(number, { candidateResponses: 0 })), {}],
  ['not-serving', ticksOf(300, (number) => aTick(number, whenGone(number))), {}],
  ['errors-open', ticksOf(300, (number) => aTick(number, { candidateResponses: 1 })), {}],
  ['discards', ticksOf(300, (number) => aTick(number, resetEvery(18, number))), {}],
];

test('a candidate is silent from the twentieth request on that was due to it since its last answer', () => {
  const afterGood = (due: number) =>
    concluded([...ticksOf(300), aTick(301, { candidateResponses: 0, stableResponses: 9 * due })]);
  assert.equal(afterGood(19).verdict, 'PASS');
  assert.equal(afterGood(20).open?.point, 'not-serving');
});

function whenGone(number: number) {
  return number > 290 ? { candidateResponses: 0 } : {};
}

function resetEvery(ticks: number, number: number) {
  return number % ticks === 0 ? { candidateFailures: -3 } : {};
}

for (const [at, [open, ticks, circumstances]] of openPoints.entries()) {
  test(`never a PASS, but ${open} (${at + 1})`, () => {
    const found = concluded(ticks, circumstances);
    assert.equal(found.verdict, 'INCONCLUSIVE');
    assert.equal(found.open?.point, open);
  });
}

test('a candidate of which nothing is known but that it answers fast does not pass', () => {
  const fast = (number: number) =>
    aTick(number, {
      candidateFailures: 5,
      stableFailures: 4,
      latency: { candidate: spread(495, -100), stable: spread(4_496) },
    });
  assert.notEqual(concluded(ticksOf(120, fast)).verdict, 'PASS');
});

for (const broken of [Number.NaN, Infinity, -1, 0.5, 2 ** 53]) {
  test(`a tick with ${broken} failures is discarded, and said so`, () => {
    const state = stateBehind([aTick(1), aTick(2, { candidateFailures: broken })]);
    assert.equal(state.discarded, 1);
    assert.match(state.problem ?? '', /candidateFailures is .*, and must be a whole number/);
    const idle = stateBehind([aTick(1), emptyTick(2)]);
    assert.deepEqual({ ...state, discarded: 0, problem: null }, idle);
  });
}

test('more failures than responses are no tick, and neither is a slice larger than its whole', () => {
  const slice = { sliceResponses: 4_501, sliceFailures: 0 };
  const ticks = [aTick(1, { candidateFailures: 501 }), aTick(2, { slice })];
  assert.equal(stateBehind(ticks).discarded, 2);
});

test('a memory that grows is evidence when resources are judged', () => {
  const families = ['errors', 'latency', 'resources'] as const;
  const settings = defaultVerdictSettings({
    ...{ tickMs: 300_000, horizonTicks: 864, families },
    gauges: ['memory', 'files'],
  });
  const grown = ticksOf(60, (number) => aTick(number, { gauges: { memory: number, files: 0 } }));
  const found = concluded(grown, { settings });
  assert.equal(found.verdict, 'ROLLBACK');
  assert.deepEqual(found.culprits, ['resources']);
  assert.equal(concluded(ticksOf(120), { settings }).open?.point, 'resources-open');
  const steady = ticksOf(60, (number) =>
    aTick(number, { gauges: { memory: (number * 7) % 11, files: 0 } }),
  );
  assert.notEqual(concluded(steady, { settings }).verdict, 'ROLLBACK');
});

test('the share of a family that is not judged goes to the others, and the sum stays 1', () => {
  const { weights } = verdictSettings();
  assert.equal(weights.resources, 0);
  assert.equal(weights.errors + weights.latency, 1);
});
