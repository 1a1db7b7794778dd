import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadReportSchema } from '../../src/core/load/load-report.ts';
import { stressReportSchema } from '../../src/core/load/stress-report.ts';
import { startLoadedService } from '../support/load-target.ts';
import { startRawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { runCommand, startCommand, temporaryProject } from './run-command.ts';

const short = ['--rate', '100', '--duration', '200ms'];
const steps = ['--from', '40', '--step', '40', '--to', '80', '--step-duration', '500ms'];

test('load sends what it is told to and prints what became of it', async (t) => {
  const service = await startLoadedService(t, (request, response) => {
    response.writeHead(request.headers['x-key'] === 'secret' ? 200 : 401).end();
  });

  const { code, out, err } = await runCommand([
    ...['load', service.url.href, ...short, '--header', 'X-Key: secret', '--warm-up', '50ms'],
  ]);

  assert.equal(code, 0, err);
  assert.match(out, /^ {2}asked for +100\/s for 200 ms$/m);
  assert.match(out, /^ {2}requests +20, none failed$/m);
  assert.match(out, /^TIME +p50 +p75 +p90 +p95 +p99 +p99\.9 +max$/m);
  assert.match(out, /^from when it was due +/m);
  assert.doesNotMatch(`${out}${err}`, /secret/);
  assert.equal(service.requests(), 25);
});

test('load --json prints one line that is of its format', async (t) => {
  const folder = temporaryProject(t);
  writeFileSync(join(folder, 'body.json'), '{}');
  const service = await startLoadedService(t, ({ method }, response) => {
    response.writeHead(method === 'POST' ? 418 : 400).end();
  });

  const { code, out } = await runCommand(
    [
      ...['load', service.url.href, ...short, '--body-file', 'body.json', '--poisson'],
      ...['--expect-status', '418', '--json'],
    ],
    { cwd: folder },
  );

  assert.equal(code, 0);
  assert.equal(out.trimEnd().split('\n').length, 1);
  const report = loadReportSchema.parse(JSON.parse(out));
  assert.deepEqual([report.requests, report.failed, report.isComplete], [20, 0, true]);
  assert.deepEqual([report.asked.method, report.asked.arrivals], ['POST', 'poisson']);
});

test('a target that does not answer is told, and no success', async () => {
  const server = await startRawServer(() => undefined);
  await server.close();

  const { code, out } = await runCommand(['load', `http://127.0.0.1:${server.port}/`, ...short]);

  assert.equal(code, 3);
  assert.match(out, /^ {2}requests +20 requests, 20 failed: 20 refused$/m);
  assert.match(out, /There was no answer whose time could be measured\./);
});

test('Ctrl-C ends a load and prints what there is, marked as cut off', async (t) => {
  const service = await startLoadedService(t);
  const running = startCommand(t, ['load', service.url.href, '--rate', '50', '--json']);
  await until('requests have come', () => service.requests() > 5);

  running.interrupt();

  assert.equal(await running.code, 130);
  assert.equal(loadReportSchema.parse(JSON.parse(running.out())).isComplete, false);
});

test('stress prints its steps, what ended them and the recovery', async (t) => {
  let count = 0;
  const service = await startLoadedService(t, (_request, response) => {
    count += 1;
    response.writeHead(count <= 60 ? 503 : 200).end();
  });

  const { code, out, err } = await runCommand([
    ...['stress', service.url.href, ...steps, '--latency', 'p99:5s'],
  ]);

  assert.equal(code, 3);
  assert.match(err, /FAILED 40\/s: At 40\/s it gave 0 good answers a second\./);
  assert.match(out, /^40\/s +0\/s +20 +.* no$/m);
  assert.match(out, /^ {2}bears +0\/s, limited by the /m);
  assert.match(out, /^ {2}recovered +after /m);
});

test('stress --json prints one line that is of its format', async (t) => {
  const service = await startLoadedService(t);

  const { out } = await runCommand([
    ...['stress', service.url.href, ...steps, '--error-rate', '0.5%', '--json', '-q'],
  ]);

  const { asked, isComplete } = stressReportSchema.parse(JSON.parse(out));
  assert.ok(isComplete);
  assert.deepEqual([asked.from, asked.to, asked.errorRateMax], [40, 80, 0.005]);
});

const wrong: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'no rate': [['load', 'URL', '--rate', '0'], /--rate "0" is not a whole number/],
  'a duration without a unit': [['load', 'URL', '--duration', '10'], /is not a duration/],
  'a duration of days': [['load', 'URL', '--duration', '2d'], /longer than 3600s/],
  'an address without a scheme': [['load', '127.0.0.1:80'], /is no address/],
  'an address of another protocol': [['load', 'ftp://127.0.0.1/'], /is no address/],
  'an address with a password': [['load', 'http://a:b@127.0.0.1/'], /use --header instead/],
  'a header without a value': [['load', 'URL', '--header', 'Accept'], /is no header/],
  'a header of two lines': [['load', 'URL', '--header', 'A: b\nC: d'], /"A" is no header/],
  'a header of the connection': [
    ['load', 'URL', '--header', 'Content-Length: 3'],
    /"Content-Length" is set by the generator itself/,
  ],
  'a body that is not there': [['load', 'URL', '--body-file', 'nowhere'], /cannot be read/],
  'a method of two words': [['load', 'URL', '--method', 'GET /'], /is no method/],
  'no connections': [['load', 'URL', '--connections-max', '0'], /--connections-max "0"/],
  'a status that there is none of': [['load', 'URL', '--expect-status', '999'], /no list of stat/],
  'both kinds of arrivals': [['load', 'URL', '--poisson', '--constant'], /exclude each other/],
  'steps that go down': [['stress', 'URL', '--from', '9', '--to', '3'], /--to 3 is less than/],
  'too many steps': [['stress', 'URL', '--step', '1'], /more than 1000 steps/],
  'a quantile that is not measured': [['stress', 'URL', '--latency', 'p42:1s'], /is no limit/],
  'a latency without a quantile': [['stress', 'URL', '--latency', '200ms'], /is no limit/],
  'a share that is no percentage': [['stress', 'URL', '--error-rate', '0.01'], /no percentage/],
};

for (const [what, [args, message]] of Object.entries(wrong)) {
  test(`${what} is refused before anything is sent`, async (t) => {
    const service = await startLoadedService(t);

    const { code, err } = await runCommand(
      args.map((word) => (word === 'URL' ? service.url.href : word)),
    );

    assert.equal(code, 2);
    assert.match(err, message);
    assert.equal(service.requests(), 0);
  });
}
