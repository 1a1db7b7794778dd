import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricSample } from '../../../core/validation/fact.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { prometheusReport } from './driver.ts';
import { samplesIn } from './samples-in.ts';

const config = prometheusReport.config.parse({
  metrics: {
    'http_requests_total{code="500"}': { max: 0 },
    process_resident_memory_bytes: { min: 1, max: 500_000_000 },
  },
});
const reader = prometheusReport.connect(config, { stateDirectory: '/nowhere' });

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

const passing = `# HELP http_requests_total Answers, by code.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/"} 12 1795882800000
http_requests_total{code="500",path="/"} 0 1795882800000

# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 7.3e+07
`;
const open = passing
  .replace('TYPE http_requests_total counter', 'TYPE http_requests counter')
  .replaceAll(' 1795882800000', '')
  .replace('\n\n', '\n');

type Labels = MetricSample['labels'];
type MetricFact = MetricSample & { readonly kind: 'metric' };

function metric(name: string, value: number, labels: Labels = {}): MetricFact {
  return { kind: 'metric', name, labels, value };
}

const requestSeconds = (part: string, value: number, labels: Labels = {}): MetricFact =>
  metric(`http_request_duration_seconds_${part}`, value, { path: '/', ...labels });
const quantiles = ['0.01', '0.05', '0.5', '0.9', '0.95', '0.99', '0.999'];

const byPromClient: MetricFact[] = [
  metric('http_requests_total', 1_234, { code: '200', path: '/' }),
  metric('http_requests_total', 3, { code: '404', path: '/a"b\\c\nd' }),
  requestSeconds('bucket', 1, { le: '0.01' }),
  requestSeconds('bucket', 1, { le: '0.1' }),
  requestSeconds('bucket', 2, { le: '1' }),
  requestSeconds('bucket', 2, { le: '+Inf' }),
  requestSeconds('sum', 0.304),
  requestSeconds('count', 2),
  metric('shop_odd', NaN, { why: 'no value' }),
  metric('shop_odd', Infinity, { why: 'endless' }),
  metric('shop_odd', -Infinity, { why: 'below' }),
  metric('shop_odd', 1.5e-9, { why: 'small' }),
  ...quantiles.map((quantile) => metric('shop_basket_size', 3, { quantile })),
  metric('shop_basket_size_sum', 3),
  metric('shop_basket_size_count', 1),
];

const byPython: MetricFact[] = [
  metric('shop_orders_total', 41, { kind: 'card' }),
  metric('shop_orders_total', 2, { kind: 'in"voice\\' }),
  metric('shop_checkout_seconds_bucket', 0, { le: '0.1' }),
  metric('shop_checkout_seconds_bucket', 1, { le: '0.5' }),
  metric('shop_checkout_seconds_bucket', 1, { le: '1.0' }),
  metric('shop_checkout_seconds_bucket', 2, { le: '+Inf' }),
  metric('shop_checkout_seconds_count', 2),
  metric('shop_checkout_seconds_sum', 3.25),
  metric('shop_build_info', 1, { version: '1.4.2' }),
  metric('shop_state', 1, { shop_state: 'open' }),
  metric('shop_state', 0, { shop_state: 'closed' }),
  metric('shop_memory_bytes', 73_400_320),
  metric('shop_ratio', NaN),
  metric('shop_stock', 12, { item: 'lamp' }),
];

function readAll(text: string) {
  return [...samplesIn(text)];
}

describeReport('prometheus', reader, {
  folder: import.meta.dirname,
  expected: {
    'prom-client-15.1.3.prom': { metrics: byPromClient },
    'prom-client-15.1.3-openmetrics.prom': { metrics: byPromClient },
    'prometheus-client-0.26.0.prom': {},
    'prometheus-client-0.26.0-openmetrics.prom': {},
    'node-exporter-1.5.0.prom': {},
    'node-exporter-1.5.0-openmetrics.prom': {},
  },
  passing,
  broken: {
    'a series beyond its limit': passing.replace('path="/"} 0', 'path="/"} 1'),
    'a value that is not a number': passing.replace('7.3e+07', 'NaN'),
    'an endless value': passing.replace('7.3e+07', '+Inf'),
    'a series that is missing': passing.replace(/^process.*\n/m, ''),
    'a value that is missing': passing.replace('7.3e+07', ''),
    'a value in words': passing.replace('7.3e+07', '73MB'),
    'a value in other digits': passing.replace('7.3e+07', '0x1p4'),
    'two values': passing.replace('7.3e+07', '7.3e+07 12 13'),
    'a series that stands there twice': `${passing}process_resident_memory_bytes 1\n`,
    'a label that is not closed': passing.replace('code="500",', 'code="500,'),
    'a type that there is not': passing.replace(' gauge', ' gouge'),
    'a last line without its end': passing.trimEnd(),
    'a last line that may be half of one': `${passing}http_requests_total{code="500",path="/b"} 0`,
    'OpenMetrics without its end': open,
    'OpenMetrics with something behind its end': `${open}# EOF\nup 1\n`,
    'a unit without an end': `${passing}# UNIT a_seconds seconds\n`,
    'a type of OpenMetrics without an end': `${passing}# TYPE build info\n`,
    'a type of nothing': `${passing}# TYPE\n`,
    'an exemplar in another format': `${passing}up_total 1 # {trace_id="a"} 1\n`,
    'a result of a query': '{"status":"success","data":{"resultType":"vector","result":[]}}\n',
    'a name in quotes': `${passing}{"http.server",code="1"} 1\n`,
  },
});

test('the same metrics come out of either format, without exemplars, timestamps and units', () => {
  for (const file of [
    'prometheus-client-0.26.0.prom',
    'prometheus-client-0.26.0-openmetrics.prom',
  ] as const) {
    const found = readAll(fixture(file)).filter(({ name }) => !name.endsWith('_created'));

    assert.deepEqual(
      found.map((sample) => ({ kind: 'metric', ...sample })),
      byPython,
    );
  }
});

test('a whole exporter is read in either format', () => {
  for (const file of ['node-exporter-1.5.0.prom', 'node-exporter-1.5.0-openmetrics.prom']) {
    const samples = readAll(fixture(file));
    const values = new Map(samples.map(({ name, value }) => [name, value]));

    assert.equal(samples.length, 112);
    assert.equal(values.get('node_load1'), 5.05);
    assert.equal(values.get('node_filefd_maximum'), 2_466_177);
    assert.equal(values.get('go_memstats_next_gc_bytes'), 4_194_304);
  }
});

test('wherever OpenMetrics is cut off, that is seen, unless all that is left may be of the older format', () => {
  const text = fixture('prom-client-15.1.3-openmetrics.prom');
  const whole = readAll(text).length;
  const firstCounter = text.indexOf('\n', text.indexOf('http_requests_total')) + 1;

  for (let length = firstCounter; length < text.length - 1; length += 1) {
    assert.throws(() => readAll(text.slice(0, length)), failsWith('report-invalid', /cut off|no /));
  }
  assert.equal(readAll(text.trimEnd()).length, whole);
});

test('every number that a client writes is read as what it is', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const digits = Object.is(value, -0) ? '-0' : String(value);
      const text = digits.replace(/^(-?)Infinity$/, '$1Inf');

      assert.deepEqual(readAll(`up ${text}\n`), [{ name: 'up', labels: {}, value }]);
    }),
  );
});

test('a line without end takes up no time and is refused', () => {
  const labels = Array.from({ length: 10_000 }, (_, at) => `l${at}="${at}"`).join(',');

  assert.throws(() => readAll(`up{${labels}} 1\n`), failsWith('report-invalid', /line 1/));
});
