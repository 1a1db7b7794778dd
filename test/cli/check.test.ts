import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { aProject } from './project-builder.ts';
import { aValidatedProject } from './validated-project.ts';
import { runCommand } from './run-command.ts';

const env = { PATH: dirname(process.execPath) };

const REPORT = (results: string): string =>
  `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint","version":"1.0"}},"artifacts":[{}],"results":[${results}]}]}`;
const FINDING =
  '{"ruleId":"no-eval","level":"error","message":{"text":"evil"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.js"},"region":{"startLine":3}}}]}';

/** Programs print what they are told, so that what is tested is what becomes of it. */
function aCheckedProject(t: TestContext, checks: readonly string[], more = ''): string {
  return aValidatedProject(
    t,
    `${more}      checks:
${checks.map((check) => `        ${check}\n`).join('')}`,
  );
}

const says = (name: string, text: string, more = ''): string =>
  `${name}: { run: [node, -e, 'console.log(process.argv[1])', '${text}']${more} }`;
const sarif = ', row: V1, report: { driver: sarif }';

test('check prints what became of each, says why, and keeps the evidence', async (t) => {
  const folder = aCheckedProject(t, [
    says('install', 'done'),
    says('good', REPORT(''), `${sarif}, needs: [install]`),
    says('bad', REPORT(FINDING), `${sarif}, needs: [install]`),
    says('e2e', '', ', needs: [bad]'),
  ]);

  const { code, out, err } = await runCommand(['check', '--release', '2.0'], { cwd: folder, env });

  assert.equal(code, 3, err);
  assert.match(out, /^good +V1 +PASS +0 \(none\) +lint 1\.0 /m);
  assert.match(out, /^bad +V1 +FAIL +1, the worst: no-eval at a\.js:3 \(none\) /m);
  assert.match(out, /^e2e +- +NOT_RUN +nothing +- +- +-$/m);
  assert.match(
    out,
    /! bad FAIL: findings of medium and above: 1, the worst: .*, where none is allowed/,
  );
  assert.match(out, /! e2e NOT_RUN: It needs bad, which ended with FAIL\./);
  const evidence = /Evidence: (\S+)$/m.exec(out)?.[1] ?? '';
  assert.equal(readFileSync(join(evidence, 'bad', 'report'), 'utf8').trim(), REPORT(FINDING));
  assert.match(err, /good: PASS after/);
});

test('checks that are named run with what they need, and with --json all is told to programs', async (t) => {
  const folder = aCheckedProject(t, [
    says('install', 'done'),
    says('good', REPORT(''), `${sarif}, needs: [install]`),
    says('other', REPORT(FINDING), sarif),
  ]);

  const { code, out } = await runCommand(['check', 'good', '--release', '2.0', '--json'], {
    ...{ cwd: folder, env },
  });

  const { checks } = JSON.parse(out) as { checks: readonly { name: string; outcome: string }[] };
  assert.equal(code, 0);
  assert.deepEqual(
    checks.map(({ name, outcome }) => [name, outcome]),
    [
      ['install', 'PASS'],
      ['good', 'PASS'],
    ],
  );
});

test('what came in from outside is masked in logs and answers', async (t) => {
  const folder = aCheckedProject(t, [
    "leaks: { run: [node, -e, 'console.log(process.env.TOKEN)'], env: { TOKEN: '${TOKEN}' } }",
  ]);

  const { out, err } = await runCommand(
    ['check', 'leaks', '--release', '2.0', '--json', '--verbose'],
    {
      ...{ cwd: folder, env: { ...env, TOKEN: 'very "secret"' } },
    },
  );

  const { checks } = JSON.parse(out) as { checks: readonly { evidence: { log: string } }[] };
  assert.equal(readFileSync(checks[0]?.evidence.log ?? '', 'utf8'), '[secret]\n');
  // Whether it is quoted as it is or as JSON.
  assert.doesNotMatch(out + err, /secret\\*"/);
});

test('what cannot be checked is refused before anything runs', async (t) => {
  const folder = aCheckedProject(t, [says('good', REPORT(''), sarif)]);
  const without = aProject(t);
  const silent = aCheckedProject(t, [says('install', 'done')]);
  const run = (cwd: string, ...args: readonly string[]) =>
    runCommand(['check', ...args], { cwd, env });

  const answers = {
    'There is no check "goood"; declared are: good': await run(folder, 'goood', '--release', '2.0'),
    'Say which release': await run(folder),
    'None of the checks of newsroom has a report': await run(silent, '--release', '2.0'),
    'newsroom declares no validation': await run(without, '--release', '2.0'),
    'no run of the checks is kept of newsroom "9.9", but of no release': await run(
      ...[folder, '--release', '2.0', '--against', '9.9'],
    ),
    '--against "2.0" is the release that is checked': await run(
      ...[folder, '--release', '2.0', '--against', '2.0'],
    ),
    'releases/9.0", does not exist': await run(folder, '--release', '9.0'),
  };

  for (const [says, { code, err }] of Object.entries(answers)) {
    assert.equal(code, 2, says);
    assert.ok(err.includes(says), err);
  }
  assert.ok(!existsSync(join(folder, '.surefoot', 'checks')));
});

test('a release of which nothing is kept is no release to compare with', async (t) => {
  const folder = aCheckedProject(t, [says('good', REPORT(''), sarif)], '      source: .\n');
  const run = (...args: readonly string[]) =>
    runCommand(['check', '--release', ...args], { cwd: folder, env });
  await run('1.0');

  const unknown = await run('2.0', '--against', '0.9');
  const known = await run('2.0', '--against', '1.0');

  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /is kept of newsroom "0\.9", but of 1\.0\. Check it first/);
  assert.equal(known.code, 0, known.err);
});

test('validate tells of a waiver that has expired, and does not fail of it', async (t) => {
  const waiver = "finding: no-eval, reason: old, owner: ann, until: '2020-01-01'";
  const folder = aCheckedProject(
    t,
    [says('good', REPORT(''), sarif)],
    `      waivers: [{ ${waiver} }]\n`,
  );

  const { code, out, err } = await runCommand(['validate'], { cwd: folder, env });
  const asJson = await runCommand(['validate', '--json'], { cwd: folder, env });

  const told = /newsroom: the waiver of no-eval, by ann, has expired on 2020-01-01/;
  assert.equal(code, 0);
  assert.match(out, /^Valid: newsroom/);
  assert.match(err, told);
  const { ok, warnings } = JSON.parse(asJson.out) as { ok: boolean; warnings: string[] };
  assert.deepEqual([asJson.code, asJson.err, ok, warnings.length], [0, '', true, 1]);
  assert.match(warnings[0] ?? '', told);
});

const broken: Readonly<Record<string, readonly [text: string | null, says: RegExp]>> = {
  'is not there': [null, /missing\.json, named by vex\.files: there is no such file/],
  'is none': ['{}', /none\.json, named by vex\.files: It is no VEX: only OpenVEX and CycloneDX/],
};

for (const [what, [text, expected]] of Object.entries(broken)) {
  test(`a document of VEX that ${what} is refused before anything runs`, async (t) => {
    const name = text === null ? 'missing.json' : 'none.json';
    const folder = aCheckedProject(
      t,
      [says('good', REPORT(''), sarif)],
      `      vex: { files: [${name}] }\n`,
    );
    if (text !== null) writeFileSync(join(folder, name), text);

    const { code, err } = await runCommand(['check', '--release', '2.0'], { cwd: folder, env });
    const validated = await runCommand(['validate'], { cwd: folder, env });

    assert.deepEqual([code, validated.code], [2, 2]);
    assert.match(err, expected);
    assert.match(validated.err, expected);
    assert.ok(!existsSync(join(folder, '.surefoot', 'checks')));
  });
}
