import assert from 'node:assert/strict';
import { test } from 'node:test';
import vectors from '../../../test/support/core/verdict-vectors.json' with { type: 'json' };
import { absoluteErrorIncrements } from './absolute-error-increments.ts';
import { initialDispersion, observeDispersion, temperingOf } from './dispersion.ts';
import { errorEvidence, totalEvidence } from './evidence-of.ts';
import { exceedanceIncrements } from './exceedance-increments.ts';
import { gaugeEvidence, initialGauge, observeBlock, rankOf } from './gauge-martingale.ts';
import { harmlessEvidence } from './harmless-evidence.ts';
import { logMeanExp } from './log-mean-exp.ts';
import { relativeErrorIncrements } from './relative-error-increments.ts';
import { advanceMixture } from './restart-mixture.ts';
import type { MetricFamily } from './verdict-settings.ts';

type Numbers = readonly number[];

function near(found: Numbers, expected: Numbers, what: string): void {
  assert.equal(found.length, expected.length, what);
  for (const [at, value] of expected.entries()) {
    const off = Math.abs((found[at] ?? Number.NaN) - value);
    assert.ok(
      off <= Math.max(1e-9, Math.abs(value) * 1e-12),
      `${what}: ${found[at]}, not ${value}`,
    );
  }
}

function countsOf(counts: Numbers) {
  const [candidateFailures = 0, stableFailures = 0, candidateResponses = 0, stableResponses = 0] =
    counts;
  return { candidateFailures, stableFailures, candidateResponses, stableResponses };
}

type Rows = readonly [found: Numbers, expected: Numbers];

interface RelativeInput {
  readonly xc: number;
  readonly xs: number;
  readonly nc: number;
  readonly ns: number;
  readonly rho: number;
  readonly alts: Numbers;
  readonly eta: number;
}

interface AbsoluteInput extends Pick<RelativeInput, 'alts' | 'eta'> {
  readonly x: number;
  readonly n: number;
  readonly d: number;
}

interface ExceedanceInput extends Pick<RelativeInput, 'nc' | 'ns' | 'alts'> {
  readonly a: number;
  readonly b: number;
}

const candidateOf = ({ a, nc }: ExceedanceInput) => ({ responses: nc, beyond: a });
const stableOf = ({ b, ns }: ExceedanceInput) => ({ responses: ns, beyond: b });

interface TemperInput {
  readonly xs: Numbers;
  readonly xb: Numbers;
  readonly f: number;
}

interface MixtureInput {
  readonly H: number;
  readonly w0: number;
  readonly incs: readonly Numbers[];
}

interface TraceRow {
  readonly lnA: number;
  readonly lnB: number;
  readonly lnErr: number;
}

interface HarmlessInput extends Pick<RelativeInput, 'rho' | 'alts'> {
  readonly delta: number;
  readonly ticks: readonly Numbers[];
}

/** What vectors of a kind come to here, as one row of numbers, beside the row that is expected. */
const kinds: Readonly<Record<string, (input: never, expected: never) => Rows>> = {
  err: ({ xc, xs, nc, ns, rho, alts, eta }: RelativeInput, expected: Numbers): Rows => [
    relativeErrorIncrements(countsOf([xc, xs, nc, ns]), { ratio: rho, alternatives: alts }, eta),
    expected,
  ],
  abs: ({ x, n, d, alts, eta }: AbsoluteInput, expected: Numbers): Rows => [
    absoluteErrorIncrements(countsOf([x, 0, n, 0]), { rate: d, alternatives: alts }, eta),
    expected,
  ],
  exc: (input: ExceedanceInput, expected: Numbers): Rows => [
    exceedanceIncrements({ suspect: candidateOf(input), other: stableOf(input) }, input.alts),
    expected,
  ],
  passlat: (input: ExceedanceInput, expected: Numbers): Rows => [
    exceedanceIncrements({ suspect: stableOf(input), other: candidateOf(input) }, input.alts),
    expected,
  ],
  temper: ({ xs, xb, f }: TemperInput, { eta }: { readonly eta: Numbers }): Rows => {
    let dispersion = initialDispersion(true);
    const found = [temperingOf(dispersion)];
    for (const [at, stableFailures] of xs.entries()) {
      const counts = { sliceResponses: 1000 * f, stableResponses: 1000, stableFailures };
      dispersion = observeDispersion(dispersion, { ...counts, sliceFailures: xb[at] ?? 0 });
      found.push(temperingOf(dispersion));
    }
    return [found, eta];
  },
  sr: (
    { H, w0, incs }: MixtureInput,
    { lnE, lnR }: { readonly lnE: Numbers; readonly lnR: readonly Numbers[] },
  ): Rows => {
    let logs: Numbers = [];
    const rows = incs.map((increments, at) => {
      logs = advanceMixture(logs, increments, at + 1, { first: w0, horizonTicks: H });
      return logs;
    });
    return [
      [...rows.map(logMeanExp), ...rows.flat()],
      [...lnE, ...lnR.flat()],
    ];
  },
  errtrace: (
    { H, ticks }: { readonly H: number; readonly ticks: readonly Numbers[] },
    expected: readonly TraceRow[],
  ): Rows => {
    const alternatives = [2, 4, 10, 30, 200];
    const weights = { first: 0.5, horizonTicks: H };
    let relative: Numbers = [];
    let absolute: Numbers = [];
    const found = ticks.flatMap((tick, at) => {
      const counts = countsOf(tick);
      const a = relativeErrorIncrements(counts, { ratio: 1.25, alternatives }, 1);
      const b = absoluteErrorIncrements(counts, { rate: 1e-4, alternatives }, 1);
      relative = advanceMixture(relative, a, at + 1, weights);
      absolute = advanceMixture(absolute, b, at + 1, weights);
      return [logMeanExp(relative), logMeanExp(absolute), errorEvidence({ relative, absolute })];
    });
    return [found, expected.flatMap(({ lnA, lnB, lnErr }) => [lnA, lnB, lnErr])];
  },
  total: (
    { lnE, v }: Record<'lnE' | 'v', Record<MetricFamily, number>>,
    expected: number,
  ): Rows => [[totalEvidence(lnE, v)], [expected]],
  passerr: (
    { rho, delta, alts, ticks }: HarmlessInput,
    { lnRel, lnAbs, lnPass }: Readonly<Record<'lnRel' | 'lnAbs' | 'lnPass', number>>,
  ): Rows => {
    const sums = (of: (tick: Numbers) => Numbers): Numbers =>
      ticks
        .map(of)
        .reduce((sum, increments) => sum.map((value, at) => value + (increments[at] ?? 0)));
    const relative = sums((tick) =>
      relativeErrorIncrements(countsOf(tick), { ratio: rho, alternatives: alts }, 1),
    );
    const absolute = sums((tick) =>
      absoluteErrorIncrements(countsOf(tick), { rate: delta, alternatives: alts }, 1),
    );
    const { errors } = harmlessEvidence({ harmless: { relative, absolute, latency: [] } });
    return [
      [logMeanExp(relative), logMeanExp(absolute), errors],
      [lnRel, lnAbs, lnPass],
    ];
  },
  memory: (
    { D }: { readonly D: Numbers },
    { p, lnE }: Readonly<Record<'p' | 'lnE', Numbers>>,
  ): Rows => {
    let gauge = initialGauge;
    const rows = D.map((difference) => {
      gauge = observeBlock(gauge, difference);
      return [rankOf(gauge.blocks), gaugeEvidence(gauge)] as const;
    });
    return [
      [...rows.map(([rank]) => rank), ...rows.map(([, log]) => log)],
      [...p, ...lnE],
    ];
  },
};

for (const { id, kind: name, what, input, expect } of vectors) {
  test(`vector ${id}: ${what}`, () => {
    const compute = kinds[name];
    assert.ok(compute, `nothing computes a vector of kind ${name}`);
    const [found, expected] = compute(input as never, expect as never);
    near(found, expected, id);
  });
}
