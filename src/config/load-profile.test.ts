import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inTemporaryFolder } from '../../test/support/config/load-text.ts';
import { builtInProfiles } from './compliance-schema.ts';
import { loadProfile, type LoadedProfile, type RefusedProfile } from './load-profile.ts';
import { renderProblems } from './render-problems.ts';
import type { CheckConfig, ComplianceConfig } from './system-config.ts';

const aCheck: CheckConfig = {
  ...{ run: ['a'], needs: [], plant: {}, plantApart: {}, timeout: 1, cpus: 1, env: {} },
};
const checks = { install: aCheck, lint: { ...aCheck, report: { driver: 'sarif', config: {} } } };

const CONFIG = `services:
  newsroom:
    validation:
      compliance:
        profile: controls.yaml
        notApplicable: [{ control: x-1 }, { control: x-3 }]
`;

const HEAD = 'version: 1\nname: mine\ntitle: Mine\ncontrols:\n';
const control = (id: string, more: string): string =>
  `  - { id: ${id}, title: It holds, source: X 1, ${more} }\n`;
const LINT = 'evidence: [{ check: lint }]';

async function loadText(
  text: string | Buffer | null,
  changes: Partial<ComplianceConfig> = {},
): Promise<LoadedProfile | RefusedProfile> {
  return inTemporaryFolder(async (folder) => {
    if (text !== null) await writeFile(join(folder, 'controls.yaml'), text);
    const configPath = join(folder, 'surefoot.yaml');
    return loadProfile({
      ...{ configPath, configSource: CONFIG, service: 'newsroom', checks },
      compliance: { profile: 'controls.yaml', notApplicable: [], ...changes },
    });
  });
}

test('a profile says what is demanded, by what, and what must show it', async () => {
  const loaded = await loadText(
    HEAD +
      control(
        'x-1',
        'level: low, applies: { environments: [production], fact: client-tls }, evidence: [{ check: lint }, { row: V3 }, { fact: client-tls }, { missing: no accounts }]',
      ) +
      control('x-2', LINT),
  );

  assert.ok(loaded.ok);
  assert.equal(loaded.where, 'controls.yaml');
  assert.match(loaded.digest, /^sha256:[0-9a-f]{64}$/);
  const [first, second] = loaded.profile.controls;
  assert.deepEqual(first, {
    ...{ id: 'x-1', title: 'It holds', source: 'X 1', level: 'low' },
    applies: { environments: ['production'], fact: 'client-tls' },
    evidence: [
      { kind: 'check', check: 'lint' },
      { kind: 'row', row: 'V3' },
      { kind: 'fact', fact: 'client-tls' },
      { kind: 'missing', why: 'no accounts' },
    ],
  });
  assert.deepEqual([second?.level, second?.applies], ['high', {}]);
});

for (const name of builtInProfiles) {
  test(`the built-in profile ${name} can be read, whatever the chain has`, async () => {
    const loaded = await loadText(null, { profile: `builtin:${name}` });

    assert.ok(loaded.ok, loaded.ok ? '' : renderProblems(loaded.problems, loaded.source));
    assert.ok(loaded.profile.controls.length > 20);
  });
}

const bad: Readonly<Record<string, readonly [text: string | Buffer, says: readonly RegExp[]]>> = {
  'that is empty': ['', [/^:1:1: is empty$/]],
  'of comments only': ['# nothing\n', [/the file: is empty; it must be a mapping/]],
  'that is no YAML': ['controls: [', [/^:1:12: YAML: flow sequence/]],
  'that is not UTF-8': [Buffer.from([0x61, 0x3a, 0xff]), [/a byte here is not UTF-8/]],
  'with a merge key': [`${HEAD}  - { <<: {} }\n`, [/^:5:7: merge keys \(<<\) are not supported/]],
  'of another version': [
    HEAD.replace('1', '2') + control('x-1', LINT),
    [/^:1:10: version: must be 1$/],
  ],
  'without a control': ['version: 1\nname: mine\ntitle: Mine\ncontrols: []\n', [/^:4:11: .*empty/]],
  'with a key that is not known': [
    HEAD + control('x-1', `${LINT}, evidense: []`),
    [/^:5:75: unknown key "evidense"/],
  ],
  'with a control that is there twice': [
    HEAD + control('x-1', LINT) + control('x-1', LINT),
    [/^:6:11: id: there is already a control "x-1"$/],
  ],
  'with an id that is none': [HEAD + control('1-x', LINT), [/"1-x" is not the id of a control/]],
  'with a control that nothing can show': [
    HEAD + control('x-1', 'evidence: []'),
    [/evidence: is empty; where nothing shows it yet, write \[\{ missing: why \}\]/],
  ],
  'with evidence of two things': [
    HEAD + control('x-1', 'evidence: [{ check: lint, row: V1 }]'),
    [/evidence\[0\]: names one thing/],
  ],
  'with evidence of nothing': [HEAD + control('x-1', 'evidence: [{}]'), [/names one thing/]],
  'with a check that is not declared': [
    HEAD + control('x-1', 'evidence: [{ check: lin }]'),
    [/there is no check "lin"; declared are: install, lint \(did you mean "lint"\?\)/],
  ],
  'with a check that reports nothing': [
    HEAD + control('x-1', 'evidence: [{ check: install }]'),
    [/the check "install" has no report, so that it shows nothing/],
  ],
  'with a check that objects have by nature': [
    HEAD + control('x-1', 'evidence: [{ check: tostring }]'),
    [/there is no check "tostring"/],
  ],
  'with a line that is none of the chain': [
    HEAD + control('x-1', 'evidence: [{ row: V14 }]'),
    [/row: must be one of V1, V2, .*V13, not "V14"/],
  ],
  'with a fact that nobody observes': [
    HEAD + control('x-1', 'evidence: [{ fact: client-tsl }]'),
    [/fact: must be one of .* \(did you mean "client-tls"\?\)/],
  ],
  'with a word that can be read in two ways': [
    HEAD + control('x-1', `${LINT}, level: no`),
    [/no is ambiguous/],
  ],
};

for (const [title, [text, says]] of Object.entries(bad)) {
  test(`a profile ${title} is refused with its place`, async () => {
    const refused = await loadText(text);

    assert.ok(!refused.ok);
    const lines = renderProblems(refused.problems, refused.source)
      .split('\n')
      .flatMap((line) => /^.*controls\.yaml(:.*)$/.exec(line)?.[1] ?? []);
    for (const expected of says) {
      assert.ok(
        lines.some((line) => expected.test(line)),
        lines.join('\n'),
      );
    }
  });
}

test('what the configuration says of a profile is shown where it says so', async () => {
  const missing = await loadText(null);
  const said = ['x-1', 'x-3'].map((of) => ({
    ...{ control: of, reason: 'none', owner: 'ada', until: '2027-01-31', untilMs: 0 },
  }));
  const stray = await loadText(HEAD + control('x-1', LINT), { notApplicable: said });

  const told = [missing, stray].map((refused) => {
    assert.ok(!refused.ok);
    const [problem, ...more] = refused.problems;
    assert.deepEqual(more, []);
    assert.match(problem?.file ?? '', /surefoot\.yaml$/);
    return [problem?.line, problem?.column, problem?.message];
  });

  assert.match(String(told[0]), /^5,18,profile: .*controls\.yaml does not exist$/);
  assert.deepEqual(told[1], [6, 54, 'the profile has no control "x-3"']);
});
