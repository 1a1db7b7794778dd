import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  aPreviewedChain,
  aServer,
  asks,
  hasteningClock,
} from '../../../test/support/engine/a-previewed-chain.ts';
import { until } from '../../../test/support/until.ts';
import { findFreePorts } from '../../platform/port-allocation.ts';
import { systemClock } from '../../platform/clock.ts';
import { SILENT_MS_MAX } from './alive.ts';

const READY_MS = 2_000;

test('checks share one preview of the release, whose row stands before them, and which is gone in the end', async (t) => {
  const chain = aPreviewedChain(t, aServer(), [
    asks('e2e', '/'),
    asks('load', '/', { alone: true }),
  ]);

  const { preview, e2e, load } = await chain.results();

  assert.ok(preview && e2e && load);
  for (const { outcome } of [preview, e2e, load]) assert.equal(outcome, 'PASS');
  assert.equal(preview.criteria[0]?.what, 'probe health');
  assert.deepEqual(e2e.criteria.at(-1), {
    ...{ what: 'the target was alive before and after', observed: 'alive', state: 'met' },
    limit: 'alive both times, the same process, not restarted',
  });
  assert.match(e2e.command.join(' '), /http:\/\/127\.0\.0\.1:2\d{4}\//);
  assert.match(readFileSync(e2e.evidence?.log ?? '', 'utf8'), /^2\.0 target$/m);
  assert.match(chain.printed(), /^launch \S+ on 2\d{4}\n$/);
  assert.equal(await chain.left(), 0);
  assert.equal(existsSync(chain.run.workDirectory), false);
});

test('it runs in a copy of its own, with what was made for it, and its own environment wins', async (t) => {
  const writes = aServer({}, "require('node:fs').writeFileSync('written', '')");
  const build = asks('build', '', {
    run: [
      'node',
      '-e',
      'fs.writeFileSync("made", ""); fs.existsSync("written") && process.exit(1)',
    ],
    ...{ reader: null, preview: false, row: undefined },
  });
  const looks = {
    ...{ run: ['node', '-e', 'process.exit(fs.existsSync("written") ? 1 : 0)'], reader: null },
    ...{ needs: ['build'], row: undefined },
  };
  const server = writes.replace(
    'listen(',
    "on('listening', () => require('node:fs').statSync('made')).listen(",
  );
  const chain = aPreviewedChain(t, server, [build, asks('e2e', '/'), asks('looks', '', looks)], {
    preview: { path: '.', needs: ['build'], env: { WHO: 'preview' } },
  });

  const { preview, e2e, looks: looked } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  assert.equal(looked?.outcome, 'PASS', looked?.because ?? '');
  assert.match(readFileSync(e2e?.evidence?.log ?? '', 'utf8'), /^2\.0 preview$/m);
  assert.ok(!existsSync(join(chain.run.source, 'written')));
});

test('no secret stands in what a preview prints, nor half of one where a line is cut', async (t) => {
  const long = "console.log('x'.repeat(65530) + 's3cret-word' + 'x'.repeat(65530));";
  const chain = aPreviewedChain(t, aServer({}, long), [asks('e2e', '/')], {
    secretValues: ['s3cret-word'],
  });

  const { preview } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  assert.match(chain.printed(), /\[secret\]/);
  assert.doesNotMatch(chain.printed(), /s3cret|et-word/);
});

test('it ends behind the last that needs it, while others go on', async (t) => {
  const ended = join(tmpdir(), `sf-ended-${randomUUID()}`);
  t.after(() => rmSync(ended, { force: true }));
  const tells = `process.on('SIGTERM', () => { require('node:fs').writeFileSync('${ended}', ''); process.exit(); });`;
  const waits = `const look = () => fs.existsSync('${ended}') || setTimeout(look, 20); look();`;
  const behind = asks('behind', '', {
    ...{ run: ['node', '-e', waits], needs: ['e2e'], timeout: 20_000 },
    ...{ reader: null, preview: false, row: undefined },
  });
  const chain = aPreviewedChain(t, aServer({}, tells), [asks('e2e', '/'), behind]);

  const { behind: found } = await chain.results();

  assert.equal(found?.outcome, 'PASS', found?.because ?? '');
});

test('on a target that dies meanwhile nothing was shown, whatever the report says', async (t) => {
  const dies = aServer({ '/die': 'setTimeout(() => process.exit(7), 50)' });
  const chain = aPreviewedChain(t, dies, [asks('dast', '/die', { forMs: 500 })]);

  const { dast } = await chain.results();

  assert.equal(dast?.outcome, 'ERROR');
  assert.deepEqual(
    dast.criteria.filter(({ state }) => state !== 'met').map(({ observed }) => observed),
    ['after: It ended by itself, with code 7.'],
  );
});

test('a target that is dead already is not asked at all', async (t) => {
  const dies = aServer({ '/die': 'setTimeout(() => process.exit(7), 50)' });
  const prepares = { reader: null, row: undefined };
  const chain = aPreviewedChain(t, dies, [
    asks('kills', '/die', { ...prepares, forMs: 500, alone: true }),
    asks('dast', '/', { alone: true }),
  ]);

  const { kills, dast } = await chain.results();

  assert.equal(kills?.outcome, 'ERROR');
  assert.deepEqual(
    [dast?.outcome, dast?.evidence, dast?.criteria[0]?.observed],
    ['ERROR', null, 'before: It ended by itself, with code 7.'],
  );
});

test('a target that answers no more, as its probes ask, is not alive behind the check', async (t) => {
  const hangs = aServer({
    '/fail': 'global.bad = true',
    '/health': 'if (global.bad) response.statusCode = 503',
  });
  const chain = aPreviewedChain(t, hangs, [asks('dast', '/fail')], {
    clock: hasteningClock(SILENT_MS_MAX),
  });

  const { dast } = await chain.results();

  assert.equal(dast?.outcome, 'ERROR');
  assert.match(dast.criteria.at(-1)?.observed ?? '', /^after: Probe health: observed .*503/);
});

/** Lives as long as who started it, and shows no sign of that. */
const STRANGER = `
  const { SUREFOOT_LAUNCH, ...env } = process.env;
  const script = "require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1'); process.stdin.resume().on('end', () => process.exit())";
  require('node:child_process').spawn(process.execPath, ['-e', script], { env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  console.log('launch ' + SUREFOOT_LAUNCH);
`;

const unready: Readonly<Record<string, readonly [server: string, because: RegExp]>> = {
  'never accepts': [
    'console.log("launch " + process.env.SUREFOOT_LAUNCH); console.log("warming up"); setInterval(() => {}, 1000)',
    /^It was not ready within 2 s\. It accepts no connection on port \d+\. Its last line: warming up$/,
  ],
  'never passes its probes': [
    aServer({ '/health': 'response.statusCode = 500' }),
    /^It was not ready within 2 s\. Probe health: observed .*500.* Its last line: launch /,
  ],
  'ends at once': [
    `${aServer()} throw new Error('no configuration');`,
    /^It ended by itself, with code 1\. Its last error: Error: no configuration$/,
  ],
  'is not who answers at its port': [
    STRANGER,
    /^It was not ready within 2 s\. Another process listens on its port \d+\./,
  ],
  'has an instance that listens elsewhere': [
    aServer().replace('process.env.PORT, process.env.HOST', '0'),
    /^It was not ready within 2 s\. It accepts no connection/,
  ],
};

for (const [what, [server, because]] of Object.entries(unready)) {
  test(`a preview that ${what} says why, and nothing that needs it runs`, async (t) => {
    const chain = aPreviewedChain(t, server, [asks('e2e', '/')], { preview: { ready: READY_MS } });

    const { preview, e2e } = await chain.results();

    assert.equal(preview?.outcome, 'ERROR');
    assert.match(preview.because ?? '', because);
    assert.equal(e2e?.because, 'It needs preview, which ended with ERROR.');
    assert.equal(await chain.left(), 0);
  });
}

test('a release that is not there, or has no such program, is no preview', async (t) => {
  const gone = aPreviewedChain(t, aServer(), [asks('e2e', '/')], {
    preview: { artifact: '/nowhere/2.0' },
  });
  const wrong = aPreviewedChain(t, aServer(), [asks('e2e', '/')], {
    preview: { command: ['no-such-server'] },
  });

  const becauses = [await gone.results(), await wrong.results()].map(
    ({ preview }) => preview?.because,
  );

  assert.deepEqual(becauses, [
    'What the preview runs, "/nowhere/2.0", is not there.',
    'Cannot start "no-such-server": it is in no folder of PATH.',
  ]);
});

/** Leaves its group, and ends at no word. */
const STUBBORN = `
  require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' }).unref();
`;

for (const how of ['a person', 'the time box'] as const) {
  test(`stopped by ${how}, nothing of a preview is left`, async (t) => {
    const stop = new AbortController();
    const box = systemClock.deadline(Infinity);
    const timeBoxMs = 86_400_000;
    const clock = {
      ...systemClock,
      deadline: (ms: number) => (ms === timeBoxMs ? box : systemClock.deadline(ms)),
    };
    const chain = aPreviewedChain(t, aServer({}, STUBBORN), [asks('e2e', '/', { forMs: 60_000 })], {
      ...{ signal: stop.signal, timeBoxMs, clock },
    });

    const running = chain.results();
    await until('it asks', () =>
      chain.events.some((event) => event.kind === 'started' && event.check === 'e2e'),
    );
    await until('it has a child', async () => (await chain.left()) === 2);
    if (how === 'a person') stop.abort();
    else box.end();
    const { preview, e2e } = await running;

    assert.deepEqual([preview?.outcome, e2e?.outcome], ['PASS', 'ERROR']);
    assert.equal(await chain.left(), 0);
  });
}

test('stopped while it starts, nothing of it is left', async (t) => {
  const stop = new AbortController();
  const server =
    'console.log("launch " + process.env.SUREFOOT_LAUNCH); setInterval(() => {}, 1000)';
  const chain = aPreviewedChain(t, server, [asks('e2e', '/')], { signal: stop.signal });

  const running = chain.results();
  await until('it starts', () => chain.events.some(({ kind }) => kind === 'line'));
  stop.abort();
  const { preview, e2e } = await running;

  assert.deepEqual([preview?.outcome, preview?.because], ['ERROR', 'It was stopped.']);
  assert.equal(e2e?.because, 'It was stopped.');
  assert.equal(await chain.left(), 0);
});

test('two chains beside each other come to ports of their own, however few there are', async (t) => {
  const [from = 0] = await findFreePorts(1, { from: 30_000, to: 32_000 }, new Set());
  const preview = { ports: { from, to: from + 1 } };
  const chains = ['one', 'other'].map((name) =>
    aPreviewedChain(t, aServer(), [asks(name, '/', { forMs: 1_000 })], { preview }),
  );

  const results = await Promise.all(chains.map(({ results: run }) => run()));

  for (const { preview: row } of results) assert.equal(row?.outcome, 'PASS', row?.because ?? '');
  const ports = chains.map(({ printed }) => [...printed().matchAll(/ on (\d+)$/gm)].at(-1)?.[1]);
  assert.deepEqual(ports.toSorted(), [String(from), String(from + 1)]);
  assert.equal((await Promise.all(chains.map(({ left }) => left()))).join(), '0,0');
});
