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
    report: { driver: 'sarif', config: { level: 'high', max: 0, suppressed: 0, covered: 1 } },
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

const previewed = (preview: string, written: string) =>
  validation(`{ preview: ${preview}, checks: { ${written} } }`);

const withBackups = (preview: string) =>
  `${previewed(preview, 'a: { run: [a] }')}
    backups: { database: { driver: pg-base, url: 'postgresql:///a' }, media: { driver: files, path: /a } }
`;

test('a preview may have a database that is restored from a backup', async () => {
  const loaded = await loadText(withBackups('{ database: { backup: database } }'));

  assert.ok(loaded.ok);
  assert.deepEqual(loaded.config.services['newsroom']?.validation?.preview?.database, {
    ...{ backup: 'database', variable: 'DATABASE_URL', seed: [] },
  });
});

test('a preview has its environment, its database and its time, a check what it asks of it', async () => {
  const loaded = await loadText(
    previewed(
      '{ env: { MODE: test }, needs: [build], database: { engine: postgres, seed: [[npm, run, seed]] } }',
      "build: { run: [make] }, load: { run: [k6, '{preview.url}'], preview: true, alone: true, resources: { memory: 512MiB, openFiles: 1024, cpu: 1.5, growth: true } }, dast: { run: [wapiti], target: 'https://staging.example.org/' }",
    ),
  );

  assert.ok(loaded.ok);
  const found = loaded.config.services['newsroom']?.validation;
  assert.ok(found);
  assert.deepEqual(found.preview, {
    ...{ needs: ['build'], env: { MODE: 'test' }, ready: 30_000 },
    database: { engine: 'postgres', variable: 'DATABASE_URL', seed: [['npm', 'run', 'seed']] },
  });
  const { preview, alone, resources } = found.checks['load'] ?? {};
  assert.deepEqual([preview, alone], [true, true]);
  assert.deepEqual(resources, { memory: 2 ** 29, openFiles: 1_024, cpu: 1.5, growth: true });
  assert.equal(found.checks['dast']?.target, 'https://staging.example.org/');
});

const stated = (vex: string) => validation(`{ checks: { lint: { run: [a] } }, vex: ${vex} }`);

test('documents of VEX may be about a product', async () => {
  const loaded = await loadText(
    stated("{ files: [vex.json], product: 'pkg:npm/%40us/shop@{version}' }"),
  );

  assert.ok(loaded.ok);
  assert.deepEqual(loaded.config.services['newsroom']?.validation?.vex, {
    ...{ files: ['vex.json'], product: 'pkg:npm/%40us/shop@{version}' },
  });
});

testBadInputs([
  {
    title: 'a product of VEX that is no package URL',
    text: stated('{ files: [vex.json], product: shop }'),
    says: [/product: "shop" is no package URL; write it like pkg:oci\/shop/],
  },
  {
    title: 'VEX without a document',
    text: stated('{ files: [] }'),
    says: [/files: names no document/],
  },
  {
    title: 'a check that needs a preview that nobody declares',
    text: checks('e2e: { run: [a], preview: true }'),
    says: [/preview: needs validation\.preview/],
  },
  {
    title: 'needs of what every object has by itself',
    text: previewed('{ needs: [constructor] }', 'a: { run: [a], needs: [constructor] }'),
    says: [/there is no check "constructor"/, /there is no check "constructor"/],
  },
  {
    title: 'a database of a preview that is empty and restored, or neither',
    text: previewed('{ database: { engine: postgres, backup: a } }', 'a: { run: [a] }'),
    says: [/names either engine/, /there is no backup "a" to restore; none is declared/],
  },
  {
    title: 'a database of a preview that says nothing of where it is from',
    text: previewed('{ database: { variable: DB } }', 'a: { run: [a] }'),
    says: [/names either engine, for an empty one, or backup, for one that is restored/],
  },
  {
    title: 'a database of a preview from a backup that is not declared',
    text: withBackups('{ database: { backup: databse } }'),
    says: [/there is no backup "databse" to restore; declared are: database, media/],
  },
  {
    title: 'a database of a preview from a backup of files',
    text: withBackups('{ database: { backup: media } }'),
    says: [/is no backup of a database, but of files; name one of pg-base, pg-dump, sqlite/],
  },
  {
    title: 'a check that has the name of the preview',
    text: previewed('{}', 'preview: { run: [a] }'),
    says: [/is the name of the preview itself/],
  },
  {
    title: 'the address of a preview in a check that does not need it',
    text: previewed(
      '{}',
      "e2e: { run: [a, '{preview.url}'] }, b: { run: [a], env: { A: '{preview.port}' } }",
    ),
    says: [/run: names the preview without/, /env: names the preview without/],
  },
  {
    title: 'a check that asks two targets, or wants to be alone with none, or watches none',
    text: previewed(
      '{}',
      "a: { run: [a], preview: true, target: 'http://x/' }, b: { run: [a], alone: true }, c: { run: [a], target: 'http://x/', resources: { cpu: 1 } }",
    ),
    says: [/target: is what it asks instead/, /alone: with nothing/, /resources: are those of/],
  },
  {
    title: 'a preview that waits for what waits for it, or for what is not there',
    text: previewed(
      '{ needs: [report, biuld] }',
      'e2e: { run: [a], preview: true }, report: { run: [a], needs: [e2e] }',
    ),
    says: [/"report" needs the preview itself, so none could begin/, /there is no check "biuld"/],
  },
  {
    title: 'resources that name nothing, and a target that is no URL',
    text: previewed(
      '{}',
      'a: { run: [a], preview: true, resources: {} }, b: { run: [a], target: staging }',
    ),
    says: [/names nothing; say memory/, /must be a URL with http or https/],
  },
  {
    title: 'a line of resources without any that are looked at',
    text: previewed('{}', 'a: { row: V13, run: [a], preview: true, report: { driver: sarif } }'),
    says: [/row: is fulfilled by resources, of which it names none/],
  },
  {
    title: 'a line of resources that asks for nothing of them',
    text: previewed(
      '{}',
      'a: { row: V13, run: [a], preview: true, report: { driver: sarif }, resources: { growth: false } }',
    ),
    says: [/row: is fulfilled by resources, of which it names none/],
  },
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
  {
    title: 'a waiver for a check that is not there',
    text: waiver("finding: x, reason: y, owner: z, until: '2027-01-31', check: lnit"),
    says: [/there is no check "lnit", so that nothing is waived; declared are: lint.*"lint"/],
  },
  {
    title: 'a placeholder that is nearly one',
    text: checks("lint: { run: [a, '--out={reprot}', '{x}', '{pots}'] }".replace('$', '$$')),
    says: [/\{reprot\} stands for nothing; known are: \{report\}, .*did you mean "report"/],
  },
  {
    title: 'bait for what reports no findings',
    text: checks(
      'a: { run: [a], report: { driver: junit }, plant: { x: y }, plantApart: { x: y } }',
    ),
    says: [
      /reports of junit hold no findings; leave it out/,
      /reports of junit hold no findings; leave it out/,
    ],
  },
  {
    title: 'a program with its arguments in one text',
    text: checks('a: { run: cat a.txt }, b: { run: make }'),
    says: [/write \[cat, a\.txt\]/, /write \[make\]/],
  },
  {
    title: 'a driver of reports by its name alone',
    text: checks('a: { run: [a], report: sarif }'),
    says: [/must be a mapping.*; write \{ driver: sarif \}/],
  },
]);
