import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { oscalFaults } from '../support/core/validate-oscal.ts';
import { aValidatedProject } from './validated-project.ts';
import { runCommand } from './run-command.ts';

const env = { PATH: dirname(process.execPath) };

const REPORT =
  '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint","version":"1.0"}},"artifacts":[{}],"results":[]}]}';

const PROFILE = `version: 1
name: mine
title: Mine
controls:
  - { id: m-lint, title: It is clean, source: M 1, evidence: [{ check: lint }] }
  - { id: m-mfa, title: Two factors, source: M 2, evidence: [{ missing: no accounts }] }
`;

function aHeldProject(t: TestContext, compliance: string): string {
  const folder = aValidatedProject(
    t,
    `      checks:
        other: { run: [node, -e, ''] }
        lint: { run: [node, -e, 'console.log(process.argv[1])', '${REPORT}'], report: { driver: sarif } }
      compliance: ${compliance}
`,
  );
  writeFileSync(join(folder, 'controls.yaml'), PROFILE);
  return folder;
}

const OPEN = '{ profile: controls.yaml }';
const EXEMPT =
  '{ profile: controls.yaml, notApplicable: [{ control: m-mfa, reason: alone, owner: ada, until: 2999-12-31 }] }';

test('check prints the counts of controls, and why what is open is so', async (t) => {
  const cwd = aHeldProject(t, OPEN);

  const { code, out, err } = await runCommand(['check', '--release', '2.0'], { cwd, env });

  assert.equal(code, 3, err);
  assert.match(out, /^compliance +V10 +ERROR +2 controls: 1 passed, 1 not-checked +surefoot /m);
  assert.match(out, /! compliance ERROR: controls that nobody checked: 1, where none is allowed/);
  assert.match(out, /^! not-checked m-mfa: Two factors \(nothing shows it yet: no accounts\)$/m);
  assert.doesNotMatch(out, /m-lint/);
  assert.match(err, /compliance: ERROR after/);
});

test('said not to apply, a control is shown and counted, and the check passes', async (t) => {
  const cwd = aHeldProject(t, EXEMPT);

  const { code, out } = await runCommand(['check', '--release', '2.0'], { cwd, env });
  const json = await runCommand(['check', 'compliance', '--release', '2.0', '--json'], {
    ...{ cwd, env },
  });

  assert.equal(code, 0, out);
  assert.match(out, /2 controls: 1 passed, 1 not-applicable/);
  assert.match(out, /^! not-applicable m-mfa: Two factors \(until 2999-12-31, says ada: alone\)$/m);
  const answer = JSON.parse(json.out) as {
    readonly checks: readonly { readonly name: string }[];
    readonly compliance: { readonly controls: readonly Record<string, unknown>[] };
  };
  assert.deepEqual(
    answer.checks.map(({ name }) => name),
    ['lint', 'compliance'],
  );
  assert.deepEqual(
    answer.compliance.controls.map(({ id, outcome }) => [id, outcome]),
    [
      ['m-lint', 'passed'],
      ['m-mfa', 'not-applicable'],
    ],
  );
});

test('checks that are named alone are judged without controls', async (t) => {
  const cwd = aHeldProject(t, OPEN);

  const { code, out } = await runCommand(['check', 'lint', '--release', '2.0'], { cwd, env });

  assert.equal(code, 0);
  assert.doesNotMatch(out, /compliance/);
});

test('compliance shows what the last check has judged, and hands it on in OSCAL', async (t) => {
  const cwd = aHeldProject(t, EXEMPT);
  const before = await runCommand(['compliance'], { cwd, env });
  await runCommand(['check', '--release', '2.0'], { cwd, env });

  const { code, out, err } = await runCommand(['compliance', '--oscal', 'oscal.json'], {
    ...{ cwd, env },
  });
  const json = await runCommand(['compliance', '--json'], { cwd, env });

  assert.deepEqual([before.code, code], [2, 0]);
  assert.match(before.err, /No check of newsroom has judged controls/);
  assert.match(out, /^passed m-lint: It is clean\n {4}check lint: PASS \[.*lint\/report sha256:/m);
  assert.match(out, /Mine, for newsroom in production: PASS\. 2 controls: 1 passed, 1 not-app/);
  assert.match(err, /OSCAL assessment results: .*oscal\.json/);
  const { outcome, evidence } = JSON.parse(json.out) as { outcome: string; evidence: string };
  assert.equal(outcome, 'PASS');
  const written = readFileSync(join(cwd, 'oscal.json'), 'utf8');
  assert.deepEqual(oscalFaults(JSON.parse(written)), []);
  const hrefs = [...written.matchAll(/"href": "([^#"][^"]*)"/g)].map(([, href = '']) => href);
  assert.ok(hrefs.length >= 2);
  for (const href of hrefs) assert.ok(existsSync(join(cwd, decodeURIComponent(href))), href);
  assert.ok(existsSync(evidence));
});

test('a document that cannot be written is told, and nothing else', async (t) => {
  const cwd = aHeldProject(t, EXEMPT);
  await runCommand(['check', '--release', '2.0'], { cwd, env });

  const { code, out, err } = await runCommand(['compliance', '--oscal', 'none/o.json'], {
    ...{ cwd, env },
  });

  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /--oscal: .*none\/o\.json cannot be written/);
});

test('a profile that cannot be used is refused before anything runs', async (t) => {
  const cwd = aHeldProject(t, OPEN);
  writeFileSync(join(cwd, 'controls.yaml'), PROFILE.replace('check: lint', 'check: lind'));

  for (const args of [['check', '--release', '2.0'], ['validate']]) {
    const { code, err } = await runCommand(args, { cwd, env });

    assert.equal(code, 2);
    assert.match(
      err,
      /controls\.yaml:5:72: there is no check "lind"; declared are: other, lint \(did you mean "lint"\?\)/,
    );
  }
  assert.ok(!existsSync(join(cwd, '.surefoot', 'checks')));
});
