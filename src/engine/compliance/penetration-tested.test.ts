import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aShownCheck, someFacts } from '../../../test/support/core/compliance-builder.ts';
import { aPlace } from '../../../test/support/observed-place-builder.ts';
import { temporaryStateDirectory } from '../../../test/support/temporary-state-directory.ts';
import { loadProfile } from '../../config/load-profile.ts';
import { judgeControl, type ControlAnswer } from '../../core/compliance/judge-control.ts';
import type { RuledCheck } from '../../core/compliance/limits-kept.ts';
import type { FindingsRule } from '../../core/validation/rule.ts';
import { observeFacts } from './observe-facts.ts';

const DAY_MS = 86_400_000;
const strict: FindingsRule = {
  ...{ subject: 'findings', level: 'medium', findingsMax: 0, suppressedMax: 0 },
  ...{ covered: { unit: 'request', min: 1 }, databaseAgeMaxMs: null, exceptStable: false },
};
const scan = (changes: Partial<FindingsRule> = {}): RuledCheck => ({
  ...{ name: 'attacks', row: 'V9', rule: { ...strict, ...changes } },
});
const signed = (days: number): RuledCheck => ({
  ...{ name: 'pentest', row: 'V9', rule: { subject: 'signed', ageMaxMs: days * DAY_MS } },
});

/** By the built-in profile, where all of these checks have passed. */
async function judged(t: TestContext, checks: readonly RuledCheck[]): Promise<ControlAnswer> {
  const loaded = await loadProfile({
    ...{ configPath: '/nowhere/surefoot.yaml', configSource: '', service: 'newsroom', checks: {} },
    compliance: { profile: 'builtin:c-4', notApplicable: [] },
  });
  assert.ok(loaded.ok);
  const control = loaded.profile.controls.find(({ id }) => id === 'c4-penetration-test');
  assert.ok(control);
  const names = control.evidence.flatMap((each) => (each.kind === 'fact' ? [each.fact] : []));
  const place = aPlace({ directory: temporaryStateDirectory(t), checks });
  const facts = await observeFacts(names, place);
  const shown = checks.map(({ name, row }) => aShownCheck('PASS', { name, row }));
  return judgeControl(control, someFacts({ facts, checks: shown }));
}

test('a penetration test by c-4 is a scan and a signed report, both of which have passed', async (t) => {
  assert.equal((await judged(t, [scan(), signed(180)])).outcome, 'passed');
});

const WANTING: Readonly<Record<string, readonly RuledCheck[]>> = {
  'a signed report without a scan': [signed(180)],
  'a scan without a signed report': [scan()],
  'a scan and a signed report that may be ten years old': [scan(), signed(3_660)],
  'a signed report and a scan that puts up with findings': [scan({ findingsMax: 3 }), signed(180)],
  'a signed report and a scan of which only the worst counts': [
    ...[scan({ level: 'critical' }), signed(180)],
  ],
};

for (const [what, checks] of Object.entries(WANTING)) {
  test(`${what} is no penetration test by c-4`, async (t) => {
    assert.notEqual((await judged(t, checks)).outcome, 'passed');
  });
}
