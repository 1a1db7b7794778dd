/**
 * Releases that no probe and no short look finds: the JSON of 3.5 is wrong, which copies of requests show
 * before any client meets it; 3.4 is fine for 20 s and then fails.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EventLine } from '../../src/api/contract/answers.ts';
import { demoRow, idempotentErrorsAfterZero } from '../../tools/demo/demo-row.ts';
import { trafficGoneAtMs } from '../../tools/demo/traffic-gone-at.ts';
import { readHistory } from '../../tools/load/history.ts';
import { startLoadProcess } from '../../tools/load/start-load-process.ts';
import { openNewsroomStand, standRollout } from '../../tools/stand/newsroom-stand.ts';

const loadClient = new URL('../../tools/load/load-client.ts', import.meta.url).pathname;

test('a release with a wrong field is found by its mirror, one that begins to fail by live traffic', async (t) => {
  // Three weights of 8 s: it fails while the last of them is judged, at the latest.
  const stand = await openNewsroomStand({
    ...standRollout,
    ...{ holdFor: '8s', latencyMax: '2s' },
    more: 'mirror: { percent: 100, minSamples: 100, maxDifferent: 0%, deadline: 30s }',
  });
  t.after(() => stand.close());
  assert.equal((await stand.surefoot(['up'])).exitCode, 0);
  await stand.deploy('1.0');
  const historyPath = join(stand.directory.logs, 'load.ndjson');
  const load = await startLoadProcess(loadClient, [
    ...['--url', stand.url, '--rate', '60', '--duration', '300', '--out', historyPath, '--verify'],
  ]);
  t.after(() => {
    load.kill();
  });
  const wrong = await stand.deploy('3.5');
  const lines: EventLine[] = [];

  const fromMs = Date.now();
  const summary = await stand.deploy('3.4', (line) => lines.push(line));
  const toMs = Date.now();
  const zeroAtMs = trafficGoneAtMs(lines, {
    wallMs: toMs,
    monotonicNs: process.hrtime.bigint(),
  });
  load.stop();
  const { verification } = await load.done;

  assert.equal(wrong.outcome, 'reverted');
  assert.equal(wrong.cause?.step, 'judge-mirror');
  assert.match(wrong.cause.failure.message, /\/articles\/\*\/words string for number/);
  assert.deepEqual([wrong.exposure.requests, wrong.exposure.clientErrors], [0, 0]);
  const span = { release: '3.4', summary, fromMs, toMs, zeroAtMs };
  const history = await readHistory(historyPath);
  assert.equal(summary.outcome, 'reverted');
  assert.match(summary.cause?.step ?? '', /^(shift|judge|confirm)-/);
  assert.ok(summary.exposure.failures > 0);
  assert.ok(zeroAtMs !== null && zeroAtMs < toMs);
  assert.equal(idempotentErrorsAfterZero(span, history), 0);
  const { clientErrors } = demoRow(span, history);
  assert.ok(clientErrors <= summary.exposure.clientErrors);
  const seen = history.outcomes.filter(({ outcome }) => outcome !== 'ok');
  assert.equal(seen.length, clientErrors, 'nothing failed but under the deployment');
  assert.equal(verification?.holds, true);
});
