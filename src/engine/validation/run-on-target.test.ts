import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import {
  aPreviewedChain,
  aServer,
  asks,
  hasteningClock,
  steppingClock,
} from '../../../test/support/engine/a-previewed-chain.ts';
import type { ResourceLimits } from '../../core/validation/resource-sample.ts';
import type { Clock } from '../../platform/clock.ts';
import { SILENT_MS_MAX } from './alive.ts';
import type { CheckResult } from './check-result.ts';

/** 1 MiB more every 20 ms. */
const LEAKS = `
  const taken = [];
  setInterval(() => taken.push(Buffer.alloc(1024 * 1024, 1)), 20);
`;

/** Takes 20 MB with a child that holds them for a moment, and gives all of them back before it does so again. */
const RISES_AND_FALLS = `
  const holds = 'head -c 20000000 /dev/zero | tail -c 20000000 | (sleep 0.1; cat > /dev/null)';
  const again = () => require('node:child_process').spawn('/bin/sh', ['-c', holds])
    .on('exit', () => setTimeout(again, 100));
  again();
`;

async function watched(
  t: TestContext,
  first: string,
  {
    resources,
    readings,
    ...changes
  }: {
    readonly resources: ResourceLimits;
    readonly readings: number;
    readonly clock?: Clock;
    readonly sampleEveryMs?: number;
  },
) {
  const load = asks('load', '/', { readings, resources });
  const chain = aPreviewedChain(t, aServer({}, first), [load], changes);
  const results = await chain.results();
  return { result: results['load'], left: await chain.left() };
}

function samplesOf({ evidence }: CheckResult): readonly Record<string, number>[] {
  const lines = readFileSync(evidence?.samples?.path ?? '', 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, number>);
}

test('a server that leaks under load fails, and its readings are kept', async (t) => {
  const { result, left } = await watched(t, LEAKS, {
    ...{ resources: { growth: true }, readings: 90, clock: steppingClock() },
  });

  const [growth] = result?.criteria.filter(({ what }) => what === 'growth of memory') ?? [];
  assert.equal(result?.outcome, 'FAIL', JSON.stringify(result));
  assert.equal(growth?.state, 'unmet');
  const lines = readFileSync(result.evidence?.samples?.path ?? '', 'utf8')
    .trim()
    .split('\n');
  const samples = lines.map((line) => JSON.parse(line) as Record<string, number>);
  assert.ok(samples.length >= 80, `${samples.length} readings`);
  assert.ok(samples.every(({ memory = 0, openFiles = 0 }) => memory > 1e7 && openFiles > 3));
  assert.match(result.evidence?.samples?.digest ?? '', /^sha256:/);
  assert.equal(left, 0);
});

test('a server whose memory rises and falls passes, within its limits', async (t) => {
  const resources = { growth: true, memory: 2 ** 32, openFiles: 1_000, cpu: 64 };

  const { result } = await watched(t, RISES_AND_FALLS, {
    ...{ resources, readings: 90, clock: steppingClock() },
  });

  assert.equal(result?.outcome, 'PASS', JSON.stringify(result?.criteria));
  const memory = samplesOf(result).map((sample) => sample['memory'] ?? 0);
  assert.ok(Math.max(...memory) - Math.min(...memory) > 10_000_000, 'it has risen');
  assert.deepEqual(
    result.criteria.slice(-4).map(({ what, state }) => [what, state]),
    [
      ['memory, the most', 'met'],
      ['open files, the most', 'met'],
      ['processors used, the most', 'met'],
      ['growth of memory', 'met'],
    ],
  );
});

test('what is above a limit even once fails; a check that is over at once has shown nothing', async (t) => {
  const busy = 'setInterval(() => { const end = Date.now() + 45; while (Date.now() < end); }, 50);';

  const above = await watched(t, busy, {
    resources: { memory: 2 ** 20, cpu: 0.2 },
    readings: 20,
    sampleEveryMs: 60,
  });
  const short = await watched(t, '', {
    resources: { memory: 2 ** 32 },
    readings: 1,
    sampleEveryMs: 60_000,
  });

  assert.equal(above.result?.outcome, 'FAIL');
  assert.deepEqual(
    above.result.criteria.slice(-2).map(({ state }) => state),
    ['unmet', 'unmet'],
  );
  assert.equal(short.result?.outcome, 'ERROR');
  assert.match(short.result.criteria.at(-1)?.observed ?? '', /where 10 are needed/);
});

/** Before it answers, 300 MB lie in a process that has left its group. */
const HOLDS_APART = `
  const holds = 'const held = Buffer.alloc(3e8, 1); fs.writeFileSync("held", ""); setInterval(() => held, 1000)';
  require('node:child_process')
    .spawn(process.execPath, ['-e', holds], { detached: true, stdio: 'ignore' })
    .unref();
  while (!require('node:fs').existsSync('held'));
`;

test('what a target has started counts, wherever it went', async (t) => {
  const { result, left } = await watched(t, HOLDS_APART, {
    ...{ resources: { memory: 3e8 }, readings: 12, sampleEveryMs: 50 },
  });

  assert.equal(result?.criteria.at(-1)?.state, 'unmet', JSON.stringify(result?.criteria));
  assert.equal(left, 0);
});

async function anExternalTarget(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

async function asked(t: TestContext, target: string) {
  const check = asks('dast', '', { preview: false, target });
  const chain = aPreviewedChain(t, '', [check], { clock: hasteningClock(SILENT_MS_MAX) });
  return (await chain.results())['dast'];
}

test('a target elsewhere is alive when it answers, and neither with errors nor that it is not there', async (t) => {
  const [missing, refuses] = await Promise.all(
    [404, 401].map((status) =>
      anExternalTarget(t, (_, response) => response.writeHead(status).end()),
    ),
  );
  const leads = await anExternalTarget(t, (_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  const breaks = await anExternalTarget(t, (_, response) => response.writeHead(503).end());
  let answers = 1;
  const dies = await anExternalTarget(t, (request, response) => {
    if (answers > 0) response.end('ok');
    else request.socket.destroy();
    answers -= 1;
  });

  const found = await Promise.all(
    [leads, breaks, dies, 'http://127.0.0.1:1/', missing ?? '', refuses ?? ''].map((target) =>
      asked(t, target),
    ),
  );

  assert.deepEqual(
    found.map((result) => [result?.outcome, result?.criteria.at(-1)?.observed.slice(0, 9)]),
    [
      ['PASS', 'alive'],
      ['ERROR', 'before: h'],
      ['ERROR', 'after: ht'],
      ['ERROR', 'before: h'],
      ['ERROR', 'before: h'],
      ['ERROR', 'before: h'],
    ],
  );
  // Who answers there nobody knows.
  assert.equal(found[0]?.criteria.at(-1)?.limit, 'an answer below 400 both times');
  const why = found.map((result) => result?.criteria[0]?.observed ?? '');
  assert.match(why[1] ?? '', /answers with 503\.$/);
  assert.match(why[3] ?? '', /does not answer: .*(ECONNREFUSED|bad port)/);
  assert.match(why[4] ?? '', /answers with 404: .* let target name a page that is there\.$/);
  assert.match(why[5] ?? '', /answers with 401, .* a page that needs nobody signed in\.$/);
});
