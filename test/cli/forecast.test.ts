import assert from 'node:assert/strict';
import test from 'node:test';
import { bucketOf } from '../../src/core/model/histogram.ts';
import { answersFor, changesIn } from './deployment-answers.ts';
import { json, ndjson, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const PLAN = ['plan', '--release', '2.0'];
const GIVEN = ['--requests-per-second', '300', '--latency', '20ms,60ms'];
const FEW = ['--runs', '3'];

const measured = {
  traffic: { requestsPerSecond: 250, errorRate: 0.001, latencyMs: { p50: 10, p99: 40 } },
  ...{ seconds: 900, requests: 225_000 },
};

test('plan --power says how long each step takes and what is caught, and changes nothing', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson()));
  const argv = [...PLAN, '--power', ...GIVEN, ...FEW];

  const { code, out, err } = await runCommand(argv, { cwd: folder });
  const again = await runCommand(argv, { cwd: folder });
  const other = await runCommand([...argv, '--seed', '2'], { cwd: folder });

  assert.equal(code, 0, err);
  assert.match(
    out,
    /^traffic: 300 requests\/s, 0 % errors, p50 20 ms, p99 60 ms\n {9}given as options$/m,
  );
  assert.match(out, /^rehearsed: 3 releases of each kind, seed 1$/m);
  assert.match(out, /^A healthy release is promoted in 100 % of all cases\.$/m);
  assert.match(out, /^judge-10 +1\d(\.\d)? s +1\d(\.\d)? s$/m);
  assert.match(out, /^0 to 5 % errors +100 % .* judge-10 \(errorRate\) +0 %$/m);
  assert.match(out, /^median \+10 % +0 % .* 100 %$/m);
  assert.match(out, /Nothing compares the candidate with the stable release/);
  assert.equal(again.out, out);
  assert.notEqual(other.out, out);
  assert.deepEqual(changesIn(server), []);
});

test('plan --simulate says how deployments end, the same for a seed', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson()));
  const argv = [...PLAN, '--simulate', '40', ...GIVEN];

  const { code, out, err } = await runCommand(argv, { cwd: folder });
  const again = await runCommand(argv, { cwd: folder });
  const asJson = await runCommand([...argv, '--json'], { cwd: folder });

  assert.equal(code, 0, err);
  assert.match(out, /^rehearsed: 40 deployments, seed 1;/m);
  assert.match(out, /^Promoted \d+ %, reverted \d+ %, held \d+ %\.$/m);
  assert.match(out, /^Healthy releases reverted though nothing went wrong: 0 of \d+\./m);
  assert.match(out, /^release +runs +promoted +reverted +held +takes/m);
  assert.match(out, /^not promoted because of +end +healthy +worse$/m);
  assert.equal(again.out, out);
  const { distribution, runs } = JSON.parse(asJson.out) as {
    distribution: { all: { promoted: number; reverted: number; held: number } };
    runs: number;
  };
  const { promoted, reverted, held } = distribution.all;
  assert.equal(promoted + reverted + held, runs);
  assert.deepEqual(changesIn(server), []);
});

test('the traffic is what was declared, or what the balancer has counted', async (t) => {
  const bare = aProject(t);
  const server = await startFakeServer(t, bare, {
    ...answersFor(ndjson()),
    'GET /v1/traffic': json(measured),
  });
  const argv = [...PLAN, '--power', '--json', '--runs', '1'];
  const trafficOf = (out: string) => {
    const { traffic, source } = JSON.parse(out) as { traffic: object; source: string };
    return { traffic, source };
  };

  const counted = await runCommand(argv, { cwd: bare });
  const partly = await runCommand([...argv, '--error-rate', '1%'], { cwd: bare });
  server.answer('GET /v1/traffic', json(null));
  const unknown = await runCommand(argv, { cwd: bare });

  assert.deepEqual(trafficOf(counted.out), {
    traffic: measured.traffic,
    source: 'of the last 900 s, 225000 requests, as the balancer counted them',
  });
  assert.deepEqual(trafficOf(partly.out), {
    traffic: { ...measured.traffic, errorRate: 0.01 },
    source:
      'of the last 900 s, 225000 requests, as the balancer counted them, in part given as options',
  });
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Declare `traffic` in surefoot\.yaml, or give --requests-per-second/);
});

test('what was counted is forecast in its own shape, as long as nobody gives other times', async (t) => {
  const folder = aProject(t);
  const counted = [
    [bucketOf(10_000), 900],
    [bucketOf(400_000), 100],
  ];
  const server = await startFakeServer(t, folder, answersFor(ndjson()));
  server.answer(
    'GET /v1/traffic',
    json({ ...measured, traffic: { ...measured.traffic, errorRate: 0, counted } }),
  );
  const forecast = async (...options: readonly string[]) => {
    const argv = [...PLAN, '--power', '--json', '--runs', '1', ...options];
    const { out, code, err } = await runCommand(argv, { cwd: folder });
    assert.equal(code, 0, err);
    const { traffic, power } = JSON.parse(out) as {
      traffic: { counted?: unknown };
      power: { healthy: { promoted: number } };
    };
    return { shape: traffic.counted, promoted: power.healthy.promoted };
  };

  const asCounted = await forecast();
  const otherwiseGiven = await forecast('--requests-per-second', '300');
  const timesGiven = await forecast('--latency', '10ms,40ms');

  assert.deepEqual(asCounted, { shape: counted, promoted: 0 });
  assert.deepEqual(otherwiseGiven, { shape: counted, promoted: 0 });
  assert.deepEqual(timesGiven, { shape: undefined, promoted: 1 });
});

test('options that mean nothing are refused before the server is asked', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson()));
  const refusals: readonly (readonly [options: readonly string[], says: RegExp])[] = [
    [['--seed', '3'], /--seed says something about a forecast; add --power or --simulate/],
    [['--power', '--simulate', '9'], /are two forecasts; ask for one at a time/],
    [['--simulate', '9', '--runs', '9'], /--simulate itself says how many/],
    [['--simulate', 'many'], /--simulate "many" is not a whole number/],
    [['--power', '--seed', 'x'], /--seed "x" is not a whole number/],
    [['--power', '--runs', '0'], /--runs "0" is not a whole number from 1/],
    [['--power', '--requests-per-second', '0'], /not a number above 0/],
    [['--power', '--error-rate', '5'], /--error-rate "5" is not a percentage/],
    [['--power', '--latency', '80ms'], /--latency "80ms" is not a median and a p99/],
    [['--power', '--latency', '80ms,8ms'], /the p99 comes second and is at least the median/],
    [['--power', '--latency', '80,90ms'], /--latency "80" is not a duration/],
  ];

  for (const [options, says] of refusals) {
    const { code, err } = await runCommand([...PLAN, ...options], { cwd: folder });

    assert.equal(code, 2, options.join(' '));
    assert.match(err, says);
  }
  assert.deepEqual(server.seen, []);
});
