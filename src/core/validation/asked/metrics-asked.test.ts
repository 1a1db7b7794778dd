import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsAsked } from './metrics-asked.ts';

test('each series that is named becomes a limit', () => {
  const asked = metricsAsked.config.parse({
    metrics: {
      process_resident_memory_bytes: { max: 500_000_000 },
      'http_requests_total{code="500",path="/\\"a\\""}': { min: 0, max: 0 },
    },
  });

  assert.deepEqual(metricsAsked.ruleOf(asked), {
    subject: 'metrics',
    limits: [
      { name: 'process_resident_memory_bytes', labels: {}, min: null, max: 500_000_000 },
      {
        ...{ name: 'http_requests_total', labels: { code: '500', path: '/"a"' }, min: 0, max: 0 },
      },
    ],
  });
});

const refused: Readonly<Record<string, object>> = {
  'no limit at all': {},
  'a series without a limit': { up: {} },
  'a limit that no value meets': { up: { min: 2, max: 1 } },
  'a limit that is no number': { up: { min: NaN } },
  'a limit without end': { up: { max: Infinity } },
  'a limit of another name': { up: { most: 1 } },
  'a name of something else': { 'cpu usage': { max: 1 } },
  'a series that is cut off': { 'up{a="1"': { max: 1 } },
  'something behind a series': { 'up{a="1"} > 3': { max: 1 } },
  'an expression on a label': { 'up{a=~"1"}': { max: 1 } },
  'a label without a value': { 'up{a=""}': { max: 1 } },
};

for (const [what, metrics] of Object.entries(refused)) {
  test(`${what} is refused`, () => {
    assert.equal(metricsAsked.config.safeParse({ metrics }).success, false);
  });
}
