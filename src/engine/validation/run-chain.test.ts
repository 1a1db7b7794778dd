import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../../test/support/until.ts';
import { aCheck, aLinter, LINTER } from '../../../test/support/validation/checks.ts';
import type { TestsRule } from '../../core/validation/rule.ts';
import type { Fact } from '../../core/validation/fact.ts';
import type { ReportReader } from '../../drivers/contract.ts';
import { systemClock } from '../../platform/clock.ts';
import type { NamedCheck } from './run-check.ts';
import { runChain, type ChainProgress, type ChainRun } from './run-chain.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

function aRun(t: TestContext, checks: readonly NamedCheck[], changes: Partial<ChainRun> = {}) {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'a.js'), 'good');
  const events: ChainProgress[] = [];
  const run: ChainRun = {
    ...{ checks, source, stateDirectory: join(source, '.surefoot') },
    ...{ workDirectory: join(folder, 'work'), evidence: join(folder, 'evidence') },
    environment: { PATH: process.env['PATH'] ?? '' },
    cpus: { numbers: [0, 1], taskset: null },
    ...{ timeBoxMs: 60_000, secretValues: [], onEvent: (event) => events.push(event) },
    ...{ self: ['/usr/bin/env', 'node'], reuse: null, preview: null },
    judgedBy: () => Promise.resolve({ nowMs: 0, excuseOf: () => null, baseline: { kind: 'none' } }),
    ...{ clock: systemClock, signal: new AbortController().signal },
    ...changes,
  };
  return { run, source, folder, events };
}

test('a tool is judged by its report, wherever it writes it, and both are kept with their digest', async (t) => {
  const printed = aLinter('printed');
  const written = aLinter('written', { run: ['node', '-e', LINTER, '{report}'] });
  const { run } = aRun(t, [printed, written]);

  const results = (await runChain(run)).checks;

  for (const { outcome, tool, evidence, criteria } of results) {
    assert.equal(outcome, 'PASS', JSON.stringify(criteria));
    assert.deepEqual(tool, { name: 'lint', version: '1.0' });
    assert.match(evidence?.report?.digest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.match(readFileSync(evidence?.report?.path ?? '', 'utf8'), /"2\.1\.0"/);
  }
});

test('what a check does stays in a copy, which those behind it see, and which is gone in the end', async (t) => {
  const build = aCheck('build', { run: ['node', '-e', 'fs.writeFileSync("b.js", "bad")'] });
  const { run, source } = aRun(t, [build, aLinter('lint', { needs: ['build'] })]);

  const [, found] = (await runChain(run)).checks;

  assert.equal(found?.outcome, 'FAIL');
  assert.match(found.criteria[0]?.observed ?? '', /^1, the worst: no-bad at b\.js$/);
  assert.deepEqual(readdirSync(source), ['a.js']);
  assert.equal(existsSync(run.workDirectory), false);
});

test('a report of more than anybody can read is an error of its check alone', async (t) => {
  const huge = aLinter('huge', { run: ['truncate', '--size', '5G', '{report}'] });
  const { run } = aRun(t, [huge, aLinter('lint')]);

  const { checks } = await runChain(run);

  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    ['ERROR', 'PASS'],
  );
  assert.match(checks[0]?.because ?? '', /It had 5 GiB, .*Let the tool report less/);
});

const mending = (changes: Partial<NamedCheck> = {}): NamedCheck => {
  const run = ['node', '-e', `require('node:fs').writeFileSync('a.js', 'fine');${LINTER}`];
  return aLinter('mend', { run, ...changes });
};

test('what reports and changes what is checked is an error, and so is what looks at it from then on', async (t) => {
  const { run } = aRun(t, [mending(), aLinter('lint', { needs: ['mend'] }), aLinter('last')], {
    cpus: { numbers: [0], taskset: null },
  });

  const { checks } = await runChain(run);

  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    ['ERROR', 'NOT_RUN', 'ERROR'],
  );
  assert.match(checks[0]?.because ?? '', /"a\.js".* was changed.*ownCopy: true/);
});

const oneAtATime: Partial<ChainRun> = { cpus: { numbers: [0], taskset: null } };

test('an own copy of what was changed is no release either, nor is it for those that follow', async (t) => {
  const plant = { 'bait.js': 'bad' };
  const checks = [mending(), aLinter('baited', { plant }), aLinter('apart', { ownCopy: true })];

  const results = (await runChain(aRun(t, checks, oneAtATime).run)).checks;

  for (const { outcome, because } of results) {
    assert.equal(outcome, 'ERROR');
    assert.match(because ?? '', /"a\.js".* was changed.* by itself or by another check/);
  }
});

test('what prepares does not make right what another has changed before it', async (t) => {
  const checks = [mending(), aCheck('prepare'), aLinter('lint', { needs: ['prepare'] })];

  const results = (await runChain(aRun(t, checks, oneAtATime).run)).checks;

  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['ERROR', 'PASS', 'ERROR'],
  );
});

/** Behind what has built `path`, somebody writes it anew who shall only report. */
async function rewriting(t: TestContext, path: string): Promise<readonly string[]> {
  const writes = (text: string) =>
    `{ const fs = require('node:fs'); fs.mkdirSync(require('node:path').dirname('${path}'), { recursive: true }); fs.writeFileSync('${path}', '${text}'); }`;
  const checks = [
    // What is there already when others are prepared, too.
    aLinter('first', {
      run: ['node', '-e', `${writes('bad')}${LINTER.replace("'bad'", "'worse'")}`],
    }),
    aCheck('build', { run: ['node', '-e', writes('bad')] }),
    aLinter('fix', { needs: ['build'], run: ['node', '-e', `${writes('fine')}${LINTER}`] }),
    aLinter('lint', { needs: ['build'] }),
  ];
  const results = (await runChain(aRun(t, checks, oneAtATime).run)).checks;
  return results.map(({ outcome }) => outcome);
}

test('what was built is not to be changed by what reports, as little as the release', async (t) => {
  assert.deepEqual(await rewriting(t, 'dist.js'), ['PASS', 'PASS', 'ERROR', 'ERROR']);
});

test('caches may be, wherever they lie, and what nobody has prepared', async (t) => {
  for (const path of ['node_modules/.cache/a', '__pycache__/a.pyc', 'a.tsbuildinfo'])
    assert.deepEqual(await rewriting(t, path), ['PASS', 'PASS', 'PASS', 'PASS'], path);
  const covers = `require('node:fs').writeFileSync('coverage', '' + Math.random());${LINTER}`;
  const unit = (name: string) => aLinter(name, { run: ['node', '-e', covers] });
  const checks = [unit('one'), aCheck('build'), unit('two')];

  const results = (await runChain(aRun(t, checks, oneAtATime).run)).checks;

  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['PASS', 'PASS', 'PASS'],
  );
});

const takenBack: Readonly<Record<string, string>> = {
  'written anew': "fs.rmSync('a.js'); fs.writeFileSync('a.js', 'good');",
  'of the same length and time':
    "const { atime, mtime } = fs.statSync('a.js'); fs.writeFileSync('a.js', 'fine'); fs.utimesSync('a.js', atime, mtime);",
  'moved away and back': "fs.renameSync('a.js', '../a.js'); fs.renameSync('../a.js', 'a.js');",
  'hidden by its mode': "fs.chmodSync('a.js', 0); fs.chmodSync('a.js', 0o644);",
};

for (const [what, script] of Object.entries(takenBack)) {
  test(`a file that was ${what} has been changed`, async (t) => {
    const run = ['node', '-e', `{ const fs = require('node:fs'); ${script} }${LINTER}`];

    const [found] = (await runChain(aRun(t, [aLinter('lint', { run })]).run)).checks;

    assert.match(found?.because ?? '', /"a\.js" .* was changed/);
  });
}

test('what prepares begins when nobody looks any more, and nobody looks meanwhile', async (t) => {
  const pause = 'await new Promise((resolve) => setTimeout(resolve, 300));';
  const build = aCheck('build', {
    run: [
      'node',
      '--input-type=module',
      '-e',
      `${pause} (await import('node:fs')).writeFileSync('a.js', 'bad');`,
    ],
  });
  const { run, events } = aRun(t, [aLinter('first'), build, aLinter('last')]);

  const { checks } = await runChain(run);

  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    ['PASS', 'PASS', 'FAIL'],
  );
  const order = events.flatMap((event) =>
    event.kind === 'line'
      ? []
      : [event.kind === 'started' ? `${event.check} runs` : `${event.result.name} ended`],
  );
  assert.deepEqual(order, [
    ...['first runs', 'first ended', 'build runs', 'build ended', 'last runs', 'last ended'],
  ]);
});

test('a report that is a pipe or a device is none, and is not waited for', async (t) => {
  const pipe = aLinter('pipe', { run: ['mkfifo', '{report}'] });
  const device = aLinter('device', { run: ['ln', '-s', '/dev/zero', '{report}'] });

  const { checks } = await runChain(aRun(t, [pipe, device]).run);

  for (const { outcome, because } of checks) {
    assert.equal(outcome, 'ERROR');
    assert.match(because ?? '', /is no file/);
  }
});

test('a change of an own copy harms nobody, and what prepares may make one', async (t) => {
  const [apart, prepared] = await Promise.all(
    [
      [mending({ ownCopy: true }), aLinter('lint', { needs: ['mend'] })],
      [
        aCheck('build', { run: ['node', '-e', 'fs.writeFileSync("a.js", "bad")'] }),
        aLinter('lint', { needs: ['build'] }),
      ],
    ].map(async (checks) => (await runChain(aRun(t, checks).run)).checks),
  );

  assert.deepEqual(
    [apart, prepared].map((checks) => checks?.map(({ outcome }) => outcome)),
    [
      ['PASS', 'PASS'],
      ['PASS', 'FAIL'],
    ],
  );
});

test('what is planted is found by the check that planted it, and by no other', async (t) => {
  const plant = { 'bait.js': 'bad' };
  const { run } = aRun(t, [
    aLinter('planting', { plant }),
    aLinter('blind', { plant, run: ['node', '-e', LINTER.replace("'bad'", "'worse'")] }),
    aLinter('other'),
  ]);

  const results = (await runChain(run)).checks;

  assert.deepEqual(
    results.map(({ name, outcome }) => [name, outcome]),
    [
      ['planting', 'PASS'],
      ['blind', 'ERROR'],
      ['other', 'PASS'],
    ],
  );
});

const broken: Readonly<Record<string, readonly [script: string, because: RegExp]>> = {
  'writes no report': ['', /Its report cannot be read/],
  'breaks off without a word in its report': [
    `console.error('no rules'); process.exitCode = 2`,
    /Its report cannot be read\..* The tool ended with 2\. Its last words: no rules$/,
  ],
  'writes half of one': [
    'console.log("{\\"version\\":\\"2.1.0\\",")',
    /Its report cannot be read\. It is no JSON/,
  ],
  'is killed behind its report': [
    `${LINTER}; process.kill(process.pid, 'SIGKILL')`,
    /killed by SIGKILL/,
  ],
  'takes too long': [`${LINTER}; setInterval(() => {}, 1000)`, /longer than 1000 ms/],
};

for (const [what, [script, because]] of Object.entries(broken)) {
  test(`a tool that ${what} has shown nothing`, async (t) => {
    const { run } = aRun(t, [aLinter('lint', { run: ['node', '-e', script], timeout: 1_000 })]);

    const [found] = (await runChain(run)).checks;

    assert.equal(found?.outcome, 'ERROR');
    assert.match(found.because ?? '', because);
  });
}

test('an exit code passes nothing where there is a report, and decides all where there is none', async (t) => {
  const { run } = aRun(t, [
    aLinter('lint', { run: ['node', '-e', `${LINTER}; process.exitCode = 1`] }),
    aCheck('install', { run: ['node', '-e', 'process.exitCode = 1'] }),
    aCheck('missing', { run: ['no-such-tool'] }),
    aCheck('behind', { needs: ['install'] }),
  ]);

  const results = (await runChain(run)).checks;

  assert.deepEqual(
    results.map(({ outcome, because }) => [outcome, because]),
    [
      ['ERROR', 'Its report is good and tells of nothing, and yet it ended with 1.'],
      ['ERROR', 'It ended with 1.'],
      ['ERROR', 'Cannot start "no-such-tool": it is in no folder of PATH.'],
      ['NOT_RUN', 'It needs install, which ended with ERROR.'],
    ],
  );
});

test('a tool is looked for in the PATH that the check declares', async (t) => {
  const { run, folder } = aRun(t, [aCheck('own', { run: ['own-tool'] })]);
  const tool = join(folder, 'own-tool');
  writeFileSync(tool, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const checks = run.checks.map((check) => ({ ...check, env: { PATH: `${folder}:/bin` } }));

  const [found] = (await runChain({ ...run, checks })).checks;

  assert.equal(found?.outcome, 'PASS', found?.because ?? '');
});

test('what tools print is kept with secrets masked, and nothing of the environment is theirs', async (t) => {
  const script = 'console.log("token s3cret", process.env.MINE, process.env.SUREFOOT_TEST_ONLY)';
  process.env['SUREFOOT_TEST_ONLY'] = 'leaked';
  t.after(() => delete process.env['SUREFOOT_TEST_ONLY']);
  const check = aCheck('talks', { run: ['node', '-e', script], env: { MINE: 'given' } });
  const { run, events } = aRun(t, [check], {
    secretValues: ['s3cret'],
  });

  const [found] = (await runChain(run)).checks;

  const log = readFileSync(found?.evidence?.log ?? '', 'utf8');
  assert.equal(log, 'token [secret] given undefined\n');
  const lines = events.flatMap((event) => (event.kind === 'line' ? [event.line] : []));
  assert.deepEqual(lines, ['token [secret] given undefined']);
});

test('stopped, what runs is ended and what waits is not run; all of it is told', async (t) => {
  const stop = new AbortController();
  const slow = { run: ['node', '-e', 'setInterval(() => {}, 1000)'] };
  const { run, events } = aRun(t, [aCheck('a', slow), aCheck('b', { needs: ['a'] })], {
    signal: stop.signal,
  });

  const running = runChain(run);
  await until('it runs', () => events.length > 0);
  stop.abort();

  assert.deepEqual(
    (await running).checks.map(({ outcome, because }) => [outcome, because]),
    [
      ['ERROR', 'It was stopped.'],
      ['NOT_RUN', 'It was stopped.'],
    ],
  );
});

test('when the time box is used up nothing further begins', async (t) => {
  const slow = { run: ['node', '-e', 'setInterval(() => {}, 1000)'] };
  const box = systemClock.deadline(Infinity);
  const timeBoxMs = 86_400_000;
  const clock = {
    ...systemClock,
    deadline: (ms: number) => (ms === timeBoxMs ? box : systemClock.deadline(ms)),
  };
  const checks = [aCheck('a', slow), aCheck('b', { needs: ['a'] })];
  const { run, events } = aRun(t, checks, { timeBoxMs, clock });

  const running = runChain(run);
  await until('it runs', () => events.length > 0);
  box.end();

  for (const { because } of (await running).checks)
    assert.equal(because, 'The time box is used up.');
});

test('a report of any reader is folded fact by fact', async (t) => {
  const rule: TestsRule = { subject: 'tests', testsMin: 1, skippedMax: 0 };
  const facts: readonly Fact[] = [
    { kind: 'test', name: 'x', outcome: 'failed', message: 'no' },
    { kind: 'test', name: 'y', outcome: 'passed', message: null },
  ];
  const reader: ReportReader = {
    rule,
    async *read() {
      yield* await Promise.resolve(facts);
    },
  };
  const check = aCheck('unit', { row: 'V5', run: ['node', '-e', 'console.log(1)'], reader });

  const [found] = (await runChain(aRun(t, [check]).run)).checks;

  assert.equal(found?.outcome, 'FAIL');
  assert.equal(found.criteria[1]?.observed, '1, the first: x');
});
