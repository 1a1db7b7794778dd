import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  aRelease,
  HOUR_MS,
  NOON_MS,
  talking,
} from '../../../test/support/validation/a-checked-release.ts';
import { nothingDone, type CheckResult } from './check-result.ts';
import { keepRun, runName, type RunRecord } from './kept-runs.ts';
import { RUNS_KEPT } from './prune-runs.ts';
import { noteOwned } from '../../platform/owned-notes.ts';
import { noteFolder } from './run-note.ts';

const report = { path: '', bytes: 1, digest: `sha256:${'0'.repeat(64)}` } as const;

/** One minute of it before noon. */
const at = (minutes: number): string => new Date(NOON_MS - minutes * 60_000).toISOString();

function aPast(t: TestContext) {
  const release = aRelease(t);
  const state = join(release.folder, 'state');
  const root = join(state, 'checks');
  const keep = (minutes: number, record: Partial<RunRecord> = {}, service = 'shop'): string => {
    const startedAt = at(minutes);
    const name = runName(startedAt, service);
    mkdirSync(join(root, name), { recursive: true });
    keepRun(join(root, name), {
      ...{ format: 1, service, release: null, artifact: null, source: null, sourceRefusal: null },
      ...{ startedAt, comparedWith: [], checks: [], ...record },
    });
    return name;
  };
  /** All that is newer than what is looked at here. */
  const fill = (service = 'shop'): void => {
    for (let minute = 1; minute <= RUNS_KEPT; minute += 1) keep(minute, {}, service);
  };
  return { ...release, state, root, keep, fill, run: () => release.validate([talking()]) };
}

function aResult(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    ...{ ...nothingDone({ name: 'lint', run: [] }), outcome: 'PASS', because: null },
    ...{ inputs: 'i', startedAt: at(100), evidence: { log: '', report } },
    ...changes,
  };
}

test('of chains that ran alone the newest are kept, and what came to no end counts as one', async (t) => {
  const past = aPast(t);
  const old = [past.keep(100), past.keep(99)];
  past.fill();
  const killed = runName(at(101), 'shop');
  mkdirSync(join(past.root, killed, 'lint'), { recursive: true });

  const { evidence } = await past.run();

  assert.equal(readdirSync(past.root).length, RUNS_KEPT);
  assert.ok(existsSync(join(evidence, 'result.json')));
  for (const name of [...old, killed]) assert.ok(!existsSync(join(past.root, name)), name);
});

test('nothing of another service goes, whatever it is called, and nothing that is no run', async (t) => {
  const past = aPast(t);
  const others = [past.keep(100, {}, 'web-shop'), past.keep(100, {}, 'web')];
  mkdirSync(join(past.root, 'mine-shop'));
  past.fill('shop');
  past.fill('web-shop');

  await past.run();

  for (const name of [...others, 'mine-shop']) assert.ok(existsSync(join(past.root, name)), name);
});

test('what the record of a deployment names is never removed, nor the run whose report it has used', async (t) => {
  const past = aPast(t);
  const made = await past.run();
  const deployed = await past.validate([talking()], { artifact: 'sha256:1' });
  const without = past.keep(100, { artifact: 'sha256:0' });
  past.later(2 * HOUR_MS);
  for (let count = 0; count <= RUNS_KEPT; count += 1) past.keep(-60 - count);

  await past.run();

  assert.equal(join(past.root, deployed.found.reused?.run ?? ''), made.evidence);
  for (const folder of [made.evidence, deployed.evidence, join(past.root, without)])
    assert.ok(existsSync(join(folder, 'result.json')), folder);
  assert.equal(readdirSync(past.root).length, RUNS_KEPT + 3);
});

const uses: Readonly<Record<string, readonly [isKept: boolean, record: Partial<RunRecord>]>> = {
  'may be used again': [true, { checks: [aResult()] }],
  'is too old for that': [false, { checks: [aResult({ startedAt: at(200) })] }],
  'is from the future': [false, { checks: [aResult({ startedAt: at(-200) })] }],
  'forbids what passed before it': [true, { checks: [aResult({ outcome: 'FAIL' })] }],
  'is none, and forbids it all the same': [
    true,
    { checks: [aResult({ outcome: 'ERROR', evidence: null })] },
  ],
  'has failed too long ago to forbid anything': [
    false,
    { checks: [aResult({ outcome: 'FAIL', startedAt: at(200) })] },
  ],
  'has failed by inputs that nobody knows': [
    false,
    { checks: [aResult({ outcome: 'FAIL', inputs: null })] },
  ],
  'is compared with by its version': [
    true,
    { release: '1.0', checks: [aResult({ inputs: null })] },
  ],
  'is an error of its version': [
    false,
    { release: '1.0', checks: [aResult({ inputs: null, outcome: 'ERROR' })] },
  ],
  'is compared with by what it is': [
    true,
    { source: 'sha256:s', checks: [aResult({ inputs: null, outcome: 'FAIL' })] },
  ],
  'is of something else': [false, { source: 'sha256:t', checks: [aResult({ inputs: null })] }],
};

for (const [what, [isKept, record]] of Object.entries(uses)) {
  test(`an old run is ${isKept ? 'kept' : 'removed'} whose report ${what}`, async (t) => {
    const past = aPast(t);
    const name = past.keep(100, record);
    past.keep(99, { checks: [aResult({ inputs: 'j' })] });
    past.fill();
    const config = { timeBox: HOUR_MS, reuse: 2 * HOUR_MS, waivers: [] };

    await past.validate([], { config, stable: { version: '0.9', artifact: 'sha256:s' } });

    assert.equal(existsSync(join(past.root, name)), isKept);
  });
}

test('of several that would be taken only the newest is kept, and the newest of each check', async (t) => {
  const past = aPast(t);
  const older = past.keep(101, { release: '1.0', checks: [aResult()] });
  const newer = past.keep(100, { release: '1.0', checks: [aResult()] });
  const compliance = past.keep(99, { checks: [aResult({ name: 'compliance', outcome: 'FAIL' })] });
  past.fill();
  const config = { timeBox: HOUR_MS, reuse: 2 * HOUR_MS, waivers: [] };

  await past.validate([], { config });

  assert.deepEqual(
    [older, newer, compliance].map((name) => existsSync(join(past.root, name))),
    [false, true, true],
  );
});

test('an old run stays as long as one that has used its report', async (t) => {
  const past = aPast(t);
  const maker = past.keep(100);
  past.fill();
  past.keep(2, { checks: [aResult({ reused: { run: maker, startedAt: at(100) } })] });

  await past.run();

  assert.ok(existsSync(join(past.root, maker)));
});

test('while another run is under way nothing is removed, and behind it all', async (t) => {
  const past = aPast(t);
  const old = join(past.root, past.keep(100));
  past.fill();
  const where = { workDirectory: join(past.folder, 'w'), database: join(past.folder, 'd') };
  const living = await noteOwned(noteFolder(past.state), { launch: 'other', ...where });

  await past.run();
  assert.ok(existsSync(old));
  await living.remove();
  const note = join(noteFolder(past.state), 'other.json');
  writeFileSync(note, '{"of": "nobody"}');
  utimesSync(note, NOON_MS / 1_000, NOON_MS / 1_000);
  await past.run();
  assert.ok(existsSync(old));
  rmSync(note);
  await past.run();

  assert.ok(!existsSync(old));
});

test('a note that nobody understands holds nothing up for good', async (t) => {
  const past = aPast(t);
  const old = join(past.root, past.keep(100));
  past.fill();
  const ofOther = await noteOwned(noteFolder(past.state), { of: 'another version' });
  await past.run();
  assert.ok(existsSync(old), 'its owner lives');
  await ofOther.remove();
  const note = join(noteFolder(past.state), 'damaged.json');
  writeFileSync(note, '{"own');
  const longAgo = (NOON_MS - 25 * HOUR_MS) / 1_000;
  utimesSync(note, longAgo, longAgo);

  await past.run();

  assert.ok(!existsSync(old));
});

test('what cannot be looked at or removed makes no check fail', async (t) => {
  const past = aPast(t);
  // So many that it is read by nobody else.
  for (let minute = 1; minute <= 200; minute += 1)
    mkdirSync(join(past.root, runName(at(minute), 'shop')), { recursive: true });
  mkdirSync(join(past.root, runName(at(300), 'shop'), 'result.json'), { recursive: true });

  const { outcome } = await past.run();

  assert.equal(outcome, 'PASS');
  assert.equal(readdirSync(past.root).length, 202);
});
