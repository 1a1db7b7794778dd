import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aCheck, aLinter, LINTER } from '../../../test/support/validation/checks.ts';
import { aPreview, aServer, asks } from '../../../test/support/engine/a-previewed-chain.ts';
import { prometheusReport } from '../../drivers/report/prometheus/driver.ts';
import type { NamedCheck } from './run-check.ts';

import {
  aRelease,
  HOUR_MS,
  NOON_MS,
  talking,
  TALKING,
} from '../../../test/support/validation/a-checked-release.ts';

test('what has passed is not run again while nothing has changed that it depends on', async (t) => {
  const { validate, ran } = aRelease(t);
  const first = await validate([talking()]);

  const second = await validate([talking()]);
  const third = await validate([talking()]);

  assert.deepEqual(ran, ['ran']);
  assert.deepEqual([first.found.reused, second.outcome], [null, 'PASS']);
  const reused = { run: '2026-11-28T12-00-01-000Z-shop', startedAt: '2026-11-28T12:00:01.000Z' };
  assert.deepEqual([second.found.reused, third.found.reused], [reused, reused]);
  const report = readFileSync(third.found.evidence?.report?.path ?? '', 'utf8');
  assert.match(report, /"2\.1\.0"/);
});

const changesOfInputs: Readonly<
  Record<string, (release: ReturnType<typeof aRelease>) => Partial<NamedCheck>>
> = {
  'the release': ({ source }) => {
    appendFileSync(join(source, 'a.js'), ' still');
    return {};
  },
  'an argument': () => ({ run: ['node', '-e', `${TALKING};`] }),
  'the environment': () => ({ env: { LEVEL: '2' } }),
  'the bait': () => ({ plant: { 'bait.js': 'bad' } }),
  'its age': ({ later }) => {
    later(2 * HOUR_MS);
    return {};
  },
  'the clock, which has been put back': ({ later }) => {
    later(-HOUR_MS / 2);
    return {};
  },
  'the kept report': ({ folder }) => {
    const kept = join(folder, 'state/checks/2026-11-28T12-00-01-000Z-shop/lint/report');
    appendFileSync(kept, ' ');
    return {};
  },
};

test('it runs again when a file elsewhere that it names has changed, and each time for a folder', async (t) => {
  const { validate, ran, folder } = aRelease(t);
  const rules = join(folder, 'rules.yml');
  writeFileSync(rules, 'one');
  const naming = (path: string) => talking({ run: ['node', '-e', TALKING, '{report}', path] });

  await validate([naming(rules)]);
  await validate([naming(rules)]);
  assert.equal(ran.length, 1);
  writeFileSync(rules, 'two');
  await validate([naming(rules)]);
  assert.equal(ran.length, 2);
  await validate([naming(folder)]);
  await validate([naming(folder)]);
  assert.equal(ran.length, 4);
});

for (const [what, change] of Object.entries(changesOfInputs)) {
  test(`it runs again when ${what} has changed`, async (t) => {
    const release = aRelease(t);
    await release.validate([talking()]);

    const { found } = await release.validate([talking(change(release))]);

    assert.deepEqual(release.ran, ['ran', 'ran']);
    assert.deepEqual([found.outcome, found.reused], ['PASS', null]);
  });
}

test('it runs again when a program has changed that it may start by another', async (t) => {
  const release = aRelease(t);
  const bin = join(release.folder, 'bin');
  const helper = join(bin, 'helper');
  mkdirSync(bin);
  writeFileSync(helper, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const check = talking({ env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });
  await release.validate([check]);
  await release.validate([check]);
  writeFileSync(helper, '#!/bin/sh\nexit 1\n');

  await release.validate([check]);

  assert.deepEqual(release.ran, ['ran', 'ran']);
});

/** A linter whose findings depend on what is known of packages. */
const scanning = (changes: Partial<NamedCheck> = {}): NamedCheck =>
  talking({ row: 'V8', ...changes });

test('what judges by what others know today is not used tomorrow, unless its database is known', async (t) => {
  const release = aRelease(t);
  const file = join(release.folder, 'advisories.json');
  writeFileSync(file, '{}');
  utimesSync(file, NOON_MS / 1_000, NOON_MS / 1_000);
  const dated = scanning({ database: { file, age: 48 * HOUR_MS } });
  const runs = async (check: NamedCheck): Promise<number> => {
    const before = release.ran.length;
    const { outcome } = await release.validate([check]);
    assert.equal(outcome, 'PASS');
    return release.ran.length - before;
  };

  const undated = [await runs(scanning()), await runs(scanning())];
  const same = [await runs(dated), await runs(dated)];
  writeFileSync(file, '{ "CVE-1": {} }');
  utimesSync(file, NOON_MS / 1_000, NOON_MS / 1_000);

  assert.deepEqual([undated, same, await runs(dated)], [[1, 1], [1, 0], 1]);
});

test('a database that is too old makes a check stale, and one that is not there or says no time an error', async (t) => {
  const release = aRelease(t, {
    'a.js': 'good',
    'old.json': '{"UpdatedAt":"2026-11-26T11:00:00Z"}',
  });
  const found = async (file: string, field?: string) => {
    const database = { file, age: 48 * HOUR_MS, ...(field !== undefined && { field }) };
    const { outcome, found } = await release.validate([scanning({ database })]);
    return [outcome, found.criteria.find(({ what }) => what.startsWith('age'))?.observed];
  };

  assert.deepEqual(await found('old.json', 'UpdatedAt'), ['STALE', '2 d 1 h (old.json)']);
  assert.deepEqual(await found('old.json', 'BuiltAt'), ['ERROR', 'unknown (old.json)']);
  assert.deepEqual(await found('none.json'), ['ERROR', 'unknown (none.json)']);
});

test('it runs again when it has failed, or when all is to be fresh', async (t) => {
  const bad = aRelease(t, { 'a.js': 'bad' });
  await bad.validate([talking()]);
  await bad.validate([talking()]);
  const good = aRelease(t);
  await good.validate([talking()]);
  await good.validate([talking()], { isFresh: true });

  assert.deepEqual(
    [bad.ran, good.ran].map(({ length }) => length),
    [2, 2],
  );
});

test('it runs again when its report is from the future: nobody knows how old it is', async (t) => {
  const release = aRelease(t);
  await release.validate([talking()]);
  release.later(-2 * HOUR_MS);

  const { found } = await release.validate([talking()]);

  assert.deepEqual([release.ran, found.reused], [['ran', 'ran'], null]);
});

test('what only prepares is left out when nobody has to run who needs it', async (t) => {
  const { validate, ran, source } = aRelease(t);
  const install = aCheck('install', { run: ['node', '-e', 'console.error("installed")'] });
  const checks = [install, talking({ needs: ['install'] })];
  await validate(checks);

  const again = await validate(checks);
  writeFileSync(join(source, 'b.js'), 'good');
  await validate(checks);

  assert.deepEqual(ran, ['installed', 'ran', 'installed', 'ran']);
  assert.equal(again.outcome, 'PASS');
});

test('what is said of a host, or of something that runs, is asked anew each time', async (t) => {
  const release = aRelease(t);
  const reader = prometheusReport.connect(
    { metrics: { errors_total: { max: 0 } } },
    { stateDirectory: '' },
  );
  const run = [
    'node',
    '-e',
    'console.log("# TYPE errors_total counter\\nerrors_total 0"); console.error("ran")',
  ];

  const outcomes = [];
  for (let at = 0; at < 2; at += 1) {
    outcomes.push((await release.validate([aCheck('errors', { run, reader })])).outcome);
  }

  assert.deepEqual(
    [outcomes, release.ran],
    [
      ['PASS', 'PASS'],
      ['ran', 'ran'],
    ],
  );
});

test('a report that secrets were taken out of is judged as it was, and not used again', async (t) => {
  const release = aRelease(t, { 'a.js': 'bad' });
  const check = talking();

  const hidden = { secretValues: ['error'] };
  const bad = await release.validate([check], hidden);
  writeFileSync(join(release.source, 'a.js'), 'good');
  const secret = { secretValues: ['artifacts'] };
  const good = [await release.validate([check], secret), await release.validate([check], secret)];

  assert.deepEqual([bad.outcome, ...good.map(({ outcome }) => outcome)], ['FAIL', 'PASS', 'PASS']);
  assert.deepEqual(release.ran, ['ran', 'ran', 'ran']);
});

test('what asks something that runs is asked again each time, and so is what prepares its preview', async (t) => {
  const { validate, ran, source } = aRelease(t, { 'server.js': aServer() });
  const says = (name: string) => aCheck(name, { run: ['node', '-e', `console.log('${name}')`] });
  const checks = [says('build'), { ...asks('e2e', '/'), needs: [] }, talking()];
  const preview = aPreview({ artifact: source, needs: ['build'] });
  const toldOf = async () => {
    ran.length = 0;
    const { outcome } = await validate(checks, { preview });
    return [outcome, ...ran.filter((line) => !line.startsWith('launch')).toSorted()];
  };

  assert.deepEqual(await toldOf(), ['PASS', '2.0 target', 'build', 'ran']);
  assert.deepEqual(await toldOf(), ['PASS', '2.0 target', 'build']);
});

/** It leaves a file beside its report, at which `scan` looks. */
const building = (changes: Partial<NamedCheck> = {}): NamedCheck => {
  const script = `${TALKING}; fs.writeFileSync('dist.js', 'b' + 'ad')`;
  return aLinter('build', { run: ['node', '-e', script], ...changes });
};

test('what has left something in the copy runs again where somebody looks at it, and what is bad stays bad', async (t) => {
  const { validate, ran } = aRelease(t);
  const checks = [building(), aLinter('scan', { needs: ['build'] })];

  const outcomes = [];
  for (let at = 0; at < 2; at += 1) outcomes.push((await validate(checks)).outcome);

  assert.deepEqual(
    [outcomes, ran],
    [
      ['FAIL', 'FAIL'],
      ['ran', 'ran'],
    ],
  );
});

test('so does what it needs in turn, also behind one that is known', async (t) => {
  const { validate } = aRelease(t);
  const makes = { run: ['node', '-e', "fs.writeFileSync('dist.js', 'b' + 'ad')"] };
  for (const first of [aCheck('build', makes), building()]) {
    const between = aLinter('between', {
      ...{ needs: ['build'], ownCopy: true },
      run: ['node', '-e', LINTER.replace("'bad'", "'worse'")],
    });
    const checks = [first, between, aLinter('scan', { needs: ['between'] })];

    const outcomes = [(await validate(checks)).outcome, (await validate(checks)).outcome];

    assert.deepEqual(outcomes, ['FAIL', 'FAIL']);
  }
});

test('what works apart has left nothing, and is known although somebody runs behind it', async (t) => {
  const { validate, ran } = aRelease(t);
  const scan = (level: string) => aLinter('scan', { needs: ['build'], env: { LEVEL: level } });
  await validate([building({ ownCopy: true }), scan('1')]);

  const { found } = await validate([building({ ownCopy: true }), scan('2')]);

  assert.deepEqual([found.reused === null, ran], [false, ['ran']]);
});

test('what has failed since with the very same inputs forbids what passed before it', async (t) => {
  const { validate, folder, ran } = aRelease(t);
  const flag = join(folder, 'flag');
  const isBad = `includes(fs.existsSync(${JSON.stringify(flag)}) ? 'good' : 'bad')`;
  const check = talking({ run: ['node', '-e', TALKING.replace("includes('bad')", isBad)] });
  await validate([check]);
  writeFileSync(flag, '');
  await validate([check], { isFresh: true });

  const { outcome } = await validate([check]);

  assert.deepEqual([outcome, ran.length], ['FAIL', 3]);
});

/** It makes what others look at, whether they say that they need it or not. */
const making = (text: string): NamedCheck =>
  aCheck('build', { run: ['node', '-e', `fs.writeFileSync('dist.js', ${text})`] });

test('what prepares is an input of all, needed or not: what it makes is looked at by all', async (t) => {
  const { validate } = aRelease(t);
  const scan = aLinter('scan');
  const good = await validate([making("'go' + 'od'"), scan]);

  const bad = await validate([making("'b' + 'ad'"), scan]);
  const alone = await validate([scan]);

  assert.deepEqual([good.outcome, bad.outcome], ['PASS', 'FAIL']);
  assert.equal(alone.found.reused, null);
});

test('one with a copy of its own makes nothing for others, and what needs it alone depends on it', async (t) => {
  const { validate } = aRelease(t);
  const apart = (text: string) => ({ ...making(text), ownCopy: true });
  await validate([talking(), apart("'1'")]);

  const { found } = await validate([talking(), apart("'2'")]);

  assert.notEqual(found.reused, null);
});

test('it prepares again when anybody runs behind it, needed or not', async (t) => {
  const { validate } = aRelease(t);
  const checks = [making("'b' + 'ad'"), aLinter('types', typing), aLinter('scan')];

  const outcomes = [];
  for (let at = 0; at < 2; at += 1) {
    outcomes.push((await validate(checks)).checks.map(({ outcome }) => outcome));
  }

  assert.deepEqual(outcomes[0], ['PASS', 'PASS', 'FAIL']);
  assert.deepEqual(outcomes[1], outcomes[0]);
});

/** It needs what is made, and finds nothing bad in it. */
const typing: Partial<NamedCheck> = {
  ...{ needs: ['build'], run: ['node', '-e', LINTER.replace("'bad'", "'worse'")] },
};

test('what passed while nobody had prepared is no evidence of what is prepared', async (t) => {
  const { validate, folder } = aRelease(t);
  const flag = join(folder, 'flag');
  const build = making(`fs.readFileSync(${JSON.stringify(flag)}, 'utf8')`);
  const unprepared = await validate([build, aLinter('scan')]);
  writeFileSync(flag, 'bad');

  const { checks } = await validate([build, aLinter('scan')]);

  assert.deepEqual(
    [unprepared.checks, checks].map((all) => all.map(({ outcome }) => outcome)),
    [
      ['ERROR', 'PASS'],
      ['PASS', 'FAIL'],
    ],
  );
});

test('what is named as a database and is a pipe holds up nothing, and has no age', async (t) => {
  const release = aRelease(t);
  const file = join(release.folder, 'pipe');
  execFileSync('mkfifo', [file]);

  for (const field of [{}, { field: 'UpdatedAt' }]) {
    const check = scanning({ database: { file, age: 48 * HOUR_MS, ...field } });
    // An earlier run to use again is looked for the second time.
    for (let at = 0; at < 2; at += 1) {
      const { outcome, found } = await release.validate([check]);

      assert.deepEqual([outcome, found.inputs], ['ERROR', null]);
      assert.match(JSON.stringify(found.criteria), /unknown \(/);
    }
  }
});

test('the time box counts from the first look at what may be used again', async (t) => {
  const release = aRelease(t);
  const file = join(release.folder, 'endless');
  writeFileSync(file, '');
  await release.validate([scanning({ database: { file, age: HOUR_MS } })]);
  truncateSync(file, 2 ** 43);

  const config = { timeBox: 300, reuse: HOUR_MS, waivers: [] };
  const { found } = await release.validate([scanning({ database: { file, age: HOUR_MS } })], {
    config,
  });

  assert.deepEqual([found.outcome, found.because], ['NOT_RUN', 'The time box is used up.']);
});
