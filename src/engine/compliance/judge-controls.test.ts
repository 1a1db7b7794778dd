import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aControl } from '../../../test/support/core/compliance-builder.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { aPlace, plannedControls } from '../../../test/support/observed-place-builder.ts';
import { aLinter } from '../../../test/support/validation/checks.ts';
import type { Control } from '../../core/compliance/control.ts';
import { xccdfReport } from '../../drivers/report/xccdf/driver.ts';
import { systemClock } from '../../platform/clock.ts';
import { stateDirectoryAt } from '../../platform/state-directory.ts';
import { validateRelease, type Validation } from '../validation/validate-release.ts';
import { keptCompliance } from './kept-compliance.ts';
import type { ControlsAsked } from './judge-controls.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const XCCDF = join(import.meta.dirname, '../../drivers/report/xccdf/fixtures');
const NOON_MS = Date.parse('2026-11-28T12:00:00Z');

async function aValidation(t: TestContext, controls: readonly Control[]) {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'a.js'), 'good');
  const { declared: _declared, ...place } = aPlace({
    directory: stateDirectoryAt(join(folder, 'state')),
  });
  const asked: ControlsAsked = {
    ...{ planned: plannedControls(controls), version: '0.1.0', place },
  };
  let nowMs = NOON_MS;
  const validate = (changes: Partial<Validation> = {}) =>
    validateRelease({
      ...{ system: 'press', digest: null },
      ...{ service: 'newsroom', release: null, artifact: null, stable: null },
      ...{ source, isFresh: false },
      ...{ checks: [aLinter('lint')], controls: asked, stateDirectory: join(folder, 'state') },
      ...{ config: { timeBox: 60_000, reuse: 1, waivers: [] }, vex: [], preview: null },
      environment: { PATH: process.env['PATH'] ?? '' },
      ...{ cpus: { numbers: [0, 1], taskset: null }, self: [], secretValues: [] },
      ...{ onEvent: () => undefined, signal: new AbortController().signal },
      clock: { ...systemClock, wallMs: () => (nowMs += 1_000) },
      ...changes,
    });
  return { validate, source, asked, root: join(folder, 'state', 'checks') };
}

test('controls are judged last, by what the checks became, and kept beside them', async (t) => {
  const { validate, root } = await aValidation(t, [aControl()]);

  const { outcome, checks, compliance, evidence } = await validate();

  const [lint, last] = checks;
  assert.deepEqual(
    [outcome, last?.name, last?.row, last?.outcome],
    [...['PASS', 'compliance', 'V10', 'PASS']],
  );
  const [control] = compliance?.controls ?? [];
  assert.deepEqual(control?.evidence[0]?.report, {
    ...{ path: 'lint/report', digest: lint?.evidence?.report?.digest },
  });
  const text = readFileSync(join(evidence, 'compliance', 'report'), 'utf8');
  const digest = createHash('sha256').update(text).digest('hex');
  assert.equal(last?.evidence?.report?.digest, `sha256:${digest}`);
  assert.deepEqual((await keptCompliance(root, 'newsroom'))?.report, compliance);
  assert.match(
    readFileSync(join(evidence, 'compliance', 'log.txt'), 'utf8'),
    /^1 control: 1 passed\npassed x-1: It is safe\n$/,
  );
});

test('results of XCCDF show a control by the check that reads them', async (t) => {
  const { validate } = await aValidation(t, [
    aControl({ id: 'x-1', evidence: [{ kind: 'check', check: 'host' }] }),
  ]);
  const reader = xccdfReport.connect(
    { level: 'note', controls: 1, notChecked: 0, waived: 0 },
    { stateDirectory: '' },
  );
  const results = join(XCCDF, 'openscap-1.3.7.xml');
  const host = aLinter('host', { row: 'V10', run: ['cat', results], reader });

  const { checks, compliance } = await validate({ checks: [host] });

  assert.equal(checks[0]?.tool?.name, 'openscap');
  assert.equal(compliance?.controls[0]?.outcome, 'failed');
  assert.match(compliance.controls[0].message ?? '', /^host: FAIL: controls of note and above/);
});

test('a check that fails, fails what it shows, and the chain', async (t) => {
  const { validate, source } = await aValidation(t, [aControl()]);
  appendFileSync(join(source, 'a.js'), ' bad');

  const { outcome, compliance } = await validate();

  assert.deepEqual([outcome, compliance?.outcome], ['FAIL', 'FAIL']);
  assert.match(compliance?.controls[0]?.message ?? '', /^lint: FAIL: findings of medium/);
});

test('a chain of checks that pass does not pass with a control that nothing shows', async (t) => {
  const { validate } = await aValidation(t, [
    aControl(),
    aControl({ id: 'x-2', evidence: [{ kind: 'missing', why: 'no accounts' }] }),
  ]);

  const { outcome, checks } = await validate();

  assert.equal(outcome, 'ERROR');
  assert.deepEqual(
    checks.map((check) => check.outcome),
    ['PASS', 'ERROR'],
  );
});

test('what came in from outside is in nothing that is kept of controls', async (t) => {
  const { validate, asked } = await aValidation(t, [aControl({ title: 'knows s3cret' })]);

  const { evidence, compliance } = await validate({ controls: asked, secretValues: ['s3cret'] });

  const kept = ['log.txt', 'report'].map((name) =>
    readFileSync(join(evidence, 'compliance', name), 'utf8'),
  );
  assert.doesNotMatch(kept.join() + JSON.stringify(compliance), /s3cret/);
  assert.match(kept.join(), /knows \[secret\]/);
});

test('stopped, controls are not judged', async (t) => {
  const stop = new AbortController();
  stop.abort();
  const { validate, asked } = await aValidation(t, [aControl()]);
  const place = { ...asked.place, signal: stop.signal };

  const { checks, compliance } = await validate({
    ...{ controls: { ...asked, place }, signal: stop.signal },
  });

  assert.deepEqual([checks.at(-1)?.outcome, compliance], ['NOT_RUN', null]);
});

test('what is kept is the newest that judged controls, wherever it was moved to', async (t) => {
  const { validate, root } = await aValidation(t, [aControl()]);
  assert.equal(await keptCompliance(root, 'newsroom'), null);
  await validate();
  const second = await validate();
  await validate({ controls: null });

  renameSync(root, `${root}-moved`);
  const kept = await keptCompliance(`${root}-moved`, 'newsroom');

  assert.equal(kept?.evidence, second.evidence.replace(root, `${root}-moved`));
  assert.deepEqual(kept.report, second.compliance);
  assert.equal(await keptCompliance(`${root}-moved`, 'room'), null);
});

test('what was changed after it was kept is not shown', async (t) => {
  const { validate, root } = await aValidation(t, [aControl()]);
  const { evidence } = await validate();
  const path = join(evidence, 'compliance', 'report');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"PASS"', '"FAIL"'));

  await assert.rejects(
    keptCompliance(root, 'newsroom'),
    failsWith('report-invalid', /is not what was kept: its digest differs/),
  );
  rmSync(path);
  await assert.rejects(
    keptCompliance(root, 'newsroom'),
    failsWith('report-invalid', /cannot be read/),
  );
});

test('a secret that is one of our own words changes no verdict, and what is kept can be read', async (t) => {
  for (const secret of ['PASS', 'passed', 'newsroom', 'compliance', 'check', 'high']) {
    const { validate, root } = await aValidation(t, [aControl()]);

    const { outcome } = await validate({ secretValues: [secret] });

    const kept = await keptCompliance(root, 'newsroom');
    assert.deepEqual([outcome, kept?.report.outcome], ['PASS', 'PASS'], secret);
  }
});
