import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const validation = (written: string) =>
  configText(['      drain: 30s\n', `      drain: 30s\n    validation: ${written}\n`]);
const checks = (written: string) => validation(`{ checks: { ${written} } }`);

test('a check has its program, what it needs and a report with what that must show', async () => {
  const loaded = await loadText(
    validation(
      "{ source: '.', checks: { install: { run: [npm, ci] }, lint: { row: V1, needs: [install], run: [eslint, -o, '{report}'], report: { driver: sarif, level: high }, plant: { src/bait.js: eval(1) } } } }",
    ),
  );

  assert.ok(loaded.ok);
  const found = loaded.config.services['newsroom']?.validation;
  assert.deepEqual([found?.source, found?.timeBox], ['.', 86_400_000]);
  assert.deepEqual(found?.checks['lint'], {
    ...{ row: 'V1', needs: ['install'], run: ['eslint', '-o', '{report}'], env: {} },
    report: { driver: 'sarif', config: { level: 'high', max: 0, covered: 1 } },
    ...{ plant: { 'src/bait.js': 'eval(1)' }, plantApart: {}, timeout: 600_000, cpus: 1 },
  });
});

test('a waiver counts until the end of its last day', async () => {
  const loaded = await loadText(
    validation(
      "{ checks: { lint: { run: [a] } }, waivers: [{ finding: CVE-1, reason: not called, owner: ann, until: '2027-01-31' }] }",
    ),
  );

  assert.ok(loaded.ok);
  assert.deepEqual(loaded.config.services['newsroom']?.validation?.waivers, [
    {
      ...{
        finding: 'CVE-1',
        place: null,
        message: null,
        check: null,
        reason: 'not called',
        owner: 'ann',
      },
      ...{ until: '2027-01-31', untilMs: Date.parse('2027-01-31T23:59:59.999Z') },
    },
  ]);
});

const waiver = (written: string) =>
  validation(`{ checks: { lint: { run: [a] } }, waivers: [{ ${written} }] }`);

testBadInputs([
  {
    title: 'what comes from outside in the words of a command',
    text: checks("lint: { run: [a, '${HOME}'] }"),
    says: [
      /HOME comes from outside and may be secret.*Give it to the tool by the env of its check/,
    ],
  },
  {
    title: 'a waiver that nobody answers for',
    text: waiver("finding: x, reason: y, until: '2027-01-31'"),
    says: [/the key "owner" is missing in waivers\[0\]/],
  },
  {
    title: 'a waiver that never ends',
    text: waiver('finding: x, reason: y, owner: z'),
    says: [/the key "until" is missing in waivers\[0\]/],
  },
  {
    title: 'a waiver until a day that there is not',
    text: waiver("finding: x, reason: y, owner: z, until: '2027-02-30'"),
    says: [/"2027-02-30" is no day of the calendar/],
  },
  {
    title: 'a waiver until something else',
    text: waiver('finding: x, reason: y, owner: z, until: next week'),
    says: [/"next week" is no day; write it like "2027-01-31"/],
  },
  {
    title: 'a check that needs one that is not there',
    text: checks('lint: { run: [a], needs: [instal] }, install: { run: [b] }'),
    says: [/there is no check "instal"; declared are: lint, install/],
  },
  {
    title: 'checks that need each other',
    text: checks('a: { run: [x], needs: [b] }, b: { run: [y], needs: [a] }'),
    says: [/depends in a circle, so none could come first: a on b, b on a/],
  },
  {
    title: 'a line of the protocol without a report',
    text: checks('lint: { row: V1, run: [a] }'),
    says: [/row: fulfils a line of the protocol only with a report/],
  },
  {
    title: 'something planted for nobody to find',
    text: checks('lint: { run: [a], plant: { x: y } }'),
    says: [/plant: is found by nobody without a report/],
  },
  {
    title: 'something planted outside of what is checked',
    text: checks("lint: { run: [a], report: { driver: sarif }, plant: { '../x': y } }"),
    says: [/"\.\.\/x" must lie below the folder that is checked/],
  },
  {
    title: 'a report of a format that nobody reads',
    text: checks('lint: { run: [a], report: { driver: sarf } }'),
    says: [/sarf/],
  },
  {
    title: 'a check without a program',
    text: checks('lint: { run: [] }'),
    says: [/names the program/],
  },
  {
    title: 'a line that is none of the chain',
    text: checks('lint: { row: V99, run: [a], report: { driver: sarif } }'),
    says: [/V99/],
  },
]);
