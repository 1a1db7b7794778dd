import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const traffic = (written: string) =>
  configText(['      drain: 30s\n', `      drain: 30s\n    traffic: ${written}\n`]);

test('what the traffic of a service is like may be declared', async () => {
  const text = traffic('{ requestsPerSecond: 250.5, latency: { p50: 80ms, p99: 1s } }');
  const loaded = await loadText(text);

  assert.ok(loaded.ok);
  assert.deepEqual(loaded.config.services['newsroom']?.traffic, {
    requestsPerSecond: 250.5,
    errorRate: 0,
    latency: { p50: 80, p99: 1_000 },
  });
});

test('without it nothing is assumed', async () => {
  const loaded = await loadText(configText());

  assert.ok(loaded.ok);
  assert.equal(loaded.config.services['newsroom']?.traffic, undefined);
});

testBadInputs([
  {
    title: 'traffic of nobody',
    text: traffic('{ requestsPerSecond: 0, latency: { p50: 80ms, p99: 1s } }'),
    says: [/:39:35: requestsPerSecond: must be above 0/],
  },
  {
    title: 'traffic without a rate',
    text: traffic('{ latency: { p50: 80ms, p99: 1s } }'),
    says: [/the key "requestsPerSecond"/],
  },
  {
    title: 'a p99 below the median',
    text: traffic('{ requestsPerSecond: 9, latency: { p50: 80ms, p99: 8ms } }'),
    says: [/:39:65: p99: is shorter than p50; of all answers at least half are as slow as p50/],
  },
  {
    title: 'an error rate that is no percentage',
    text: traffic('{ requestsPerSecond: 9, errorRate: 0.1, latency: { p50: 8ms, p99: 8ms } }'),
    says: [/errorRate: write the share as a percentage in quotes, for example "0.1%"/],
  },
  {
    title: 'a latency without a unit',
    text: traffic('{ requestsPerSecond: 9, latency: { p50: 8, p99: 8ms } }'),
    says: [/p50: 8 has no unit/],
  },
]);
