import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import { growthWords } from '../../core/words/growth-words.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import type { ActionContext } from '../action-context.ts';
import { resolveRouting } from './apply-split.ts';
import { judgeTraffic } from './judge-traffic.ts';

const MIB = 1_024 ** 2;
const HOUR_MS = 3_600_000;
const DEADLINE_MS = 4 * HOUR_MS;
const LOOK_MS = 5_000;

/** Its sleeps are all that takes time, and each of them takes some seconds. */
function secondsPerLook(deadline: AbortController): Clock {
  let nowMs = 0;
  return {
    ...systemClock,
    monotonicNs: () => BigInt(nowMs) * 1_000_000n,
    sleep() {
      nowMs += LOOK_MS;
      if (nowMs >= DEADLINE_MS) deadline.abort();
      return Promise.resolve();
    },
  };
}

type Target = ActionContext['drivers']['target'];

/** The gate at 50 %, held for three hours; nothing fails, and all answers take as long. */
async function judged(
  leakPerMinute: number,
  options: { readonly excludeHarm?: boolean; readonly usage?: Target['usage'] } = {},
) {
  const deadline = new AbortController();
  const { signal } = deadline;
  const under = actionUnderTest(60_000, secondsPerLook(deadline));
  const plan = aPlan({
    probes: under.context.plan.services[0].probes,
    rollout: aRolloutPolicy({
      ...{ compare: ['resources'], excludeHarm: options.excludeHarm ?? false },
      gauges: { memory: { limit: 1_024 * MIB, safeLifeMs: 7 * 24 * HOUR_MS } },
      ...{ weights: [50, 100], warmUpResponses: 10, leaseTtlMs: 2 * DEADLINE_MS },
      limits: {
        ...{ holdMs: 3 * HOUR_MS, samplesMin: 100, errorRateMax: 0 },
        latency: { quantile: 0.95, maxMs: 60_000 },
      },
      judgeDeadlineMs: DEADLINE_MS,
    }),
  });
  const actions = plan.steps.map((step) => step.action);
  const shift = actions.find((action) => action.kind === 'apply-split' && action.split.lease);
  const judge = actions.find(({ kind }) => kind === 'judge-traffic');
  const [{ stable, candidate }] = plan.services;
  assert.ok(shift?.kind === 'apply-split' && judge?.kind === 'judge-traffic' && stable);
  const lease = { scope, token: { deployment: 2, sequence: 4 }, ttlMs: 2 * DEADLINE_MS };
  const drivers = {
    ...under.context.drivers,
    ...(options.usage && { target: { ...under.context.drivers.target, usage: options.usage } }),
  };
  const command = { ...under.context.command, leases: [lease] };
  const end = () => (signal.aborted ? 'deadline' : null);
  const context = { ...under.context, plan, command, lease, drivers, signal, end };
  await under.run(stable);
  await under.run(candidate);
  const { surroundings } = under;
  surroundings.requestsPerLook = 4;
  surroundings.target.usage = (instance) => {
    const minutes = Number(surroundings.clock.monotonicNs()) / 6e10;
    const leaked = instance.startsWith(candidate.pool) ? leakPerMinute * minutes : 0;
    return { memory: (100 + leaked + ((7 * minutes) % 3)) * MIB, openFiles: 20 };
  };
  const routing = await resolveRouting(context, shift.split);
  await drivers.balancer.apply(routing, { token: lease.token, signal });
  const result = await judgeTraffic(context, judge);
  return { result, minutes: Number(surroundings.clock.monotonicNs()) / 6e10 };
}

test('a candidate that leaks a megabyte a minute loses its traffic, and memory is named', async () => {
  const { result, minutes } = await judged(1);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'gate-failed');
  assert.deepEqual(result.judgement?.compared?.culprits, ['resources']);
  const [growth] = result.judgement.compared.gauges ?? [];
  assert.ok(growth);
  assert.match(
    growthWords(growth),
    /^memory \+\d+ MiB against the stable release over 1 h \d+ min$/,
  );
  assert.ok(result.failure.message.includes(growthWords(growth)), result.failure.message);
  assert.ok(minutes < 155, `${minutes}`);
});

test('one that takes up as much as the stable release keeps it, and the figures are kept', async () => {
  const { result, minutes } = await judged(0, { excludeHarm: true });

  assert.ok(result.kind === 'ok');
  assert.ok(result.evidence.comparison?.gauges);
  assert.ok(minutes >= 180, `${minutes}`);
});

test('a target that never answers delays no verdict', async () => {
  const { result, minutes } = await judged(1, { usage: () => new Promise(() => undefined) });

  assert.equal(result.kind, 'ok');
  assert.ok(minutes < 181, `${minutes}`);
});

test('what is not told is no reason to go on where harm must be excluded', async () => {
  const usage: Target['usage'] = () => Promise.reject(new Error('away'));

  const { result } = await judged(0, { usage, excludeHarm: true });

  assert.ok(result.kind === 'failed');
  assert.equal(result.judgement?.verdict, 'INCONCLUSIVE');
  assert.match(result.failure.message, /What the candidate takes up has not been compared/);
});
