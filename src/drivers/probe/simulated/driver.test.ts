import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProbeContract } from '../../contract-suites/probe.ts';
import { systemClock, type Clock } from '../../../platform/clock.ts';
import { simulatedProbe } from './driver.ts';

const release = { version: '2.0', configDigest: 'sha256:1' };
const subject = { host: 'service', port: 1, release };
const silent = { host: 'silent', port: 1, release };

describeProbeContract('simulated', async () => {
  const state = { isBroken: false };
  return {
    driver: simulatedProbe(({ host }) =>
      host === 'silent' ? null : { ok: !state.isBroken, observed: 'up\nand running' },
    ),
    config: { timeout: '50ms' },
    subject,
    breakDown: async () => {
      state.isBroken = true;
    },
    silent,
    close: async () => undefined,
  };
});

test('the script learns how often it was asked', async () => {
  const driver = simulatedProbe((_, asked) => ({ ok: asked > 2, observed: `question ${asked}` }));
  const probe = driver.connect({ timeout: 1_000 }, { stateDirectory: '' });
  const { signal } = new AbortController();

  const results = [];
  for (let run = 0; run < 3; run += 1) results.push(await probe.run(subject, { signal }));

  assert.deepEqual(
    results.map(({ ok, observed }) => [ok, observed]),
    [
      [false, 'question 1'],
      [false, 'question 2'],
      [true, 'question 3'],
    ],
  );
});

test('an answer that takes longer than the timeout is none', async () => {
  const slept: number[] = [];
  const clock: Clock = {
    ...systemClock,
    monotonicNs: () => 0n,
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
  const driver = simulatedProbe(() => ({ ok: true, observed: 'late', afterMs: 500 }), clock);
  const probe = driver.connect({ timeout: 100 }, { stateDirectory: '' });

  const result = await probe.run(subject, { signal: new AbortController().signal });

  assert.deepEqual([result.ok, result.observed, slept], [false, 'no answer within 100 ms', [100]]);
});
