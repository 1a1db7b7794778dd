import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const compliance = (written: string, checks = 'lint: { run: [a] }') =>
  configText([
    '      drain: 30s\n',
    `      drain: 30s\n    validation: { checks: { ${checks} }, compliance: ${written} }\n`,
  ]);
const exempt = (written: string) =>
  compliance(`{ profile: 'builtin:c-4', notApplicable: [${written}] }`);

const SAID = 'control: c4-uptime, reason: none, owner: ada';

test('a service names its profile, and what of it does not apply until when', async () => {
  const loaded = await loadText(exempt(`{ ${SAID}, until: 2027-01-31 }`));

  assert.ok(loaded.ok);
  assert.deepEqual(loaded.config.services['newsroom']?.validation?.compliance, {
    profile: 'builtin:c-4',
    notApplicable: [
      {
        ...{ control: 'c4-uptime', reason: 'none', owner: 'ada', until: '2027-01-31' },
        untilMs: Date.parse('2027-02-01T00:00:00Z') - 1,
      },
    ],
  });
});

testBadInputs([
  {
    title: 'a profile that is not built in',
    text: compliance("{ profile: 'builtin:c-5' }"),
    says: [/there is no profile "builtin:c-5"; built in are: builtin:c-4/],
  },
  {
    title: 'an exemption without an end',
    text: exempt(`{ ${SAID} }`),
    says: [/the key "until" is missing in notApplicable\[0\]/],
  },
  {
    title: 'an exemption that nobody answers for',
    text: exempt("{ control: c4-uptime, reason: none, owner: ' ', until: 2027-01-31 }"),
    says: [/owner: must not be empty/],
  },
  {
    title: 'an exemption until a day that is none',
    text: exempt(`{ ${SAID}, until: 2027-02-30 }`),
    says: [/"2027-02-30" is no day of the calendar/],
  },
  {
    title: 'a control that is exempt twice',
    text: exempt(`{ ${SAID}, until: 2027-01-31 }, { ${SAID}, until: 2028-01-31 }`),
    says: [/"c4-uptime" is there already/],
  },
  {
    title: 'a key that was mistyped',
    text: compliance("{ profil: 'builtin:c-4' }"),
    says: [
      /the key "profile" is missing in compliance/,
      /unknown key "profil" \(did you mean "profile"\?\)/,
    ],
  },
  {
    title: 'a check with the name of the judgement on controls',
    text: compliance("{ profile: 'builtin:c-4' }", 'compliance: { run: [a] }'),
    says: [/is the name of the judgement on controls; call the check something else/],
  },
]);
