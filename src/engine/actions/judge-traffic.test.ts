import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aJudgedSplit } from '../../../test/support/engine/a-judged-split.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import type { ServiceInput } from '../../core/plan/compile-plan.ts';
import type { SimulatedAnswer } from '../../drivers/balancer/simulated/simulated-answer.ts';
import type { Comparison } from '../../core/verdict/comparison.ts';
import { defaultVerdictSettings } from '../../core/verdict/default-verdict-settings.ts';
import { initialVerdictState } from '../../core/verdict/verdict-state.ts';
import { judgeTraffic } from './judge-traffic.ts';

const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };

/** The gate at 50 %, with limits that allow nearly everything. */
async function judged(
  compare: ServiceInput['rollout']['compare'],
  answer: (request: number) => SimulatedAnswer,
  before: Comparison | null = null,
  baselineAnswer?: (request: number) => SimulatedAnswer,
) {
  const { surroundings, context, judge, candidate, baseline, weight } = await aJudgedSplit({
    ...{ compare, baselineInstances: baselineAnswer ? 1 : 0 },
    limits: {
      ...{ holdMs: 60_000, samplesMin: 100, errorRateMax: 1 },
      latency: { quantile: 0.95, maxMs: 60_000 },
    },
  });
  surroundings.balancer.behave(candidate.pool, answer);
  if (baselineAnswer && baseline) surroundings.balancer.behave(baseline.pool, baselineAnswer);
  const command = { ...context.command, comparison: before };
  const result = await judgeTraffic({ ...context, command }, judge);
  return { result, weight: weight() };
}

const failsOften = (request: number): SimulatedAnswer =>
  request % 10 === 0 ? { ...FINE, status: 500 } : FINE;
const isSlower = (): SimulatedAnswer => ({ ...FINE, latencyUs: 2_500 });
const isHardlySlower = (): SimulatedAnswer => ({ ...FINE, latencyUs: 1_900 });

test('a candidate that fails more often than the stable release loses its traffic', async () => {
  const { result, weight } = await judged(['errors'], failsOften);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'gate-failed');
  assert.match(
    result.failure.message,
    /\d+ callers? in [\d,]+ answers of the candidate met a failure, 0 callers in/,
  );
  assert.deepEqual(result.judgement?.compared?.culprits, ['errors']);
  assert.equal(weight, 0);
});

test('one that is slower than the stable release, and no slower than a fresh pool of it, goes on', async () => {
  const { result, weight } = await judged(['latency'], isSlower, null, isSlower);

  assert.equal(result.kind, 'ok');
  assert.equal(weight, 50);
});

test('one that is slower than a fresh pool of the stable release loses its traffic', async () => {
  const { result, weight } = await judged(['latency'], isSlower, null, () => FINE);

  assert.deepEqual(result.kind === 'failed' && result.judgement?.compared?.culprits, ['latency']);
  assert.equal(weight, 0);
});

test('one that is not compared is judged by its limits alone', async () => {
  const { result, weight } = await judged([], failsOften);

  assert.equal(result.kind, 'ok');
  assert.equal(weight, 50);
});

test('one that is slower than the stable release loses its traffic', async () => {
  const { result } = await judged(['errors', 'latency'], isSlower);

  assert.deepEqual(result.kind === 'failed' && result.judgement?.compared?.culprits, ['latency']);
});

test('a step goes on with what the steps before it have found', async () => {
  const settings = defaultVerdictSettings({
    ...{ tickMs: 1_000, horizonTicks: 60 },
    families: ['errors'],
  });
  const warm = { state: initialVerdictState(settings), beforeSecond: -1, leftOut: 1_000 };
  const leftOut = async (before: Comparison | null) => {
    const { result } = await judged(['errors'], () => FINE, before);
    return result.kind === 'ok' ? result.evidence.comparison?.leftOut : null;
  };

  assert.equal(await leftOut(warm), 1_000);
  // Beginning anew, whole seconds are left out until each instance has warmed up.
  const [least, most] = [20, 40];
  const anew = (await leftOut(null)) ?? 0;
  assert.ok(anew >= least && anew <= most, `${anew}`);
});

test('a millisecond more or less is no difference, however large a part of the time it is', async () => {
  const { result } = await judged(['errors', 'latency'], isHardlySlower);

  assert.equal(result.kind, 'ok');
});

test('one that is compared and as good as the stable release passes, with the figures', async () => {
  const { result, weight } = await judged(['errors', 'latency'], () => FINE);

  assert.ok(result.kind === 'ok');
  assert.ok(JSON.stringify(result.evidence).includes('"isWorse":false'));
  assert.equal(weight, 50);
});

test('what a candidate answers before it has earned all kinds of requests is not compared', async () => {
  const { surroundings, context, judge, candidate, weight } = await aJudgedSplit({
    ...{ compare: ['latency'], safeFirst: 300 },
    limits: {
      ...{ holdMs: 60_000, samplesMin: 100, errorRateMax: 0 },
      latency: { quantile: 0.95, maxMs: 60_000 },
    },
  });
  // Reading takes longer, and for now it gets nothing else.
  surroundings.balancer.behave(candidate.pool, (request) => (request <= 250 ? isSlower() : FINE));
  surroundings.atVerb = (verb, moment) => {
    if (verb !== 'balancer.samples' || moment === 'after') return;
    for (let sent = 0; sent < 4; sent += 1) surroundings.balancer.ask(scope, { isUnsafe: true });
  };

  const result = await judgeTraffic(context, judge);

  assert.equal(result.kind, 'ok', JSON.stringify(result));
  assert.equal(weight(), 50);
});
