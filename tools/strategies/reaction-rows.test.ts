import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import type { DeploySpan } from '../demo/deploy-span.ts';
import { anOutcome } from '../load/outcome-builder.ts';
import type { Outcome } from '../load/outcome.ts';
import { brokenReactions, reactionRows, reactionTable } from './reaction-rows.ts';
import type { Trial } from './trial.ts';

const MS = 1_000_000n;

function aTrial(
  release: string,
  changes: Partial<Trial & DeploySpan> & { exposed?: number } = {},
): Trial {
  const { strategy = 'canary', fault = 'fails', firstFailures = {}, ...span } = changes;
  const { exposed = 20 } = changes;
  const summary = { exposure: { requests: exposed } } as DeploymentSummary;
  const times = { fromMs: 1_000, toMs: 9_000, zeroAtMs: 5_000, zeroAtNs: 500n * MS };
  return { strategy, fault, firstFailures, span: { release, summary, ...times, ...span } };
}

const rowsOf = (trials: readonly Trial[], outcomes: readonly Outcome[] = []) =>
  reactionRows(trials, { outcomes, marks: [] }, 100);

test('a release that fails is timed from its first 5xx at the edge, and the slowest times break the promise', () => {
  const after = (ms: bigint) =>
    aTrial('3.0', { firstFailures: { serverErrors: String((500n - ms) * MS) } });

  const kept = rowsOf([after(2n), after(99n)]);
  const broken = rowsOf([after(2n), after(101n)]);

  assert.deepEqual(kept[0]?.timesMs, [2, 99]);
  assert.deepEqual(brokenReactions(kept), []);
  assert.deepEqual(brokenReactions(broken), [
    'canary 3.0 had traffic for 101.0 ms after: first 5xx',
  ]);
});

test('a hang beside a baseline may take half as long again, beside the stable pool it may not', () => {
  const after = (strategy: string) => ({
    ...aTrial('3.2', { fault: 'hangs', firstFailures: { hangs: String(500n * MS) } }),
    strategy,
  });
  const late = (strategy: string, ms: bigint) => {
    const trial = after(strategy);
    const zeroAtNs = (500n + ms) * MS;
    return { ...trial, span: { ...trial.span, zeroAtNs } };
  };

  assert.deepEqual(brokenReactions(rowsOf([late('baseline', 1_500n), late('canary', 1_000n)])), []);
  assert.deepEqual(brokenReactions(rowsOf([late('baseline', 1_501n), late('canary', 1_001n)])), [
    'baseline 3.2 had traffic for 1501.0 ms after: first hung request sent',
    'canary 3.2 had traffic for 1001.0 ms after: first hung request sent',
  ]);
});

test('a slow release is timed from when its first slow request was sent, as the load client tells', () => {
  const slowOf = (startedAtMs: number, changes: Partial<Outcome>) =>
    anOutcome({ version: '3.3', startedAtMs, intendedAtMs: startedAtMs, ...changes });
  const outcomes = [
    slowOf(2_000, { kind: 'slow', durationMs: 2_000 }),
    slowOf(2_100, { version: '2.0', durationMs: 300 }),
    slowOf(2_200, { durationMs: 20 }),
    slowOf(2_300, { intendedAtMs: 2_100, durationMs: 250 }),
    slowOf(2_400, { durationMs: 190 }),
    slowOf(2_500, { durationMs: 190 }),
  ];

  const [row] = rowsOf([aTrial('3.3', { fault: 'slow' })], outcomes);

  assert.deepEqual(row?.timesMs, [2_600]);
});

test('one that had traffic taken away and had shown nothing is told; one that never had any is not', () => {
  const neverLeased = { zeroAtMs: null, zeroAtNs: null };

  const rows = rowsOf([
    aTrial('3.0'),
    aTrial('3.0', neverLeased),
    aTrial('3.0', { exposed: 0 }),
    aTrial('3.5', neverLeased),
  ]);

  assert.deepEqual(brokenReactions(rows), [
    'canary 3.0 lost its traffic 1 times without: first 5xx',
  ]);
  assert.equal(rows[0]?.untouched, 2);
});

test('good releases are in no row, and a fault that no client can see has no time', () => {
  const rows = rowsOf([
    aTrial('2.0', { fault: null }),
    aTrial('3.5', { fault: 'miswrites', strategy: 'mirror', zeroAtMs: null, zeroAtNs: null }),
  ]);

  assert.deepEqual(reactionTable(rows).split('\n').at(-1)?.split(/ {2,}/), [
    'mirror',
    '3.5',
    'miswrites',
    '–',
    '0',
    '1',
    '–',
    '–',
    '–',
    '–',
  ]);
});
