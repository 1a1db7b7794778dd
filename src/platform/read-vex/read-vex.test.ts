import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OperationalError } from '../../core/operational-error.ts';
import type { Finding } from '../../core/validation/fact.ts';
import { excusedByVex, type VexStatement } from '../../core/validation/vex.ts';
import { readVex } from './read-vex.ts';

const folder = join(import.meta.dirname, 'fixtures');

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 101) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 101);
  }
}

function readFixture(file: string): Promise<readonly VexStatement[]> {
  return readVex(inPieces(readFileSync(join(folder, file))));
}

function aFinding(
  rule: string,
  name: string,
  version: string,
  ecosystem: string | null = 'npm',
): Finding {
  return {
    ...{ rule, level: 'high', message: '', place: null, isSuppressed: false },
    component: { name, version, ecosystem },
  };
}

const lodash = aFinding('CVE-2021-23337', 'lodash', '4.17.15');

interface OpenvexChanges {
  readonly document?: object;
  readonly statement?: object;
}

function anOpenvex({ document = {}, statement = {} }: OpenvexChanges = {}): string {
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://shop.example/vex/1',
    ...{ author: 'shop', timestamp: '2026-11-20T09:00:00Z', version: 1 },
    statements: [
      {
        vulnerability: { name: 'CVE-2021-23337' },
        products: [{ '@id': 'pkg:npm/lodash@4.17.15' }],
        ...{ status: 'not_affected', justification: 'vulnerable_code_not_present' },
        ...statement,
      },
    ],
    ...document,
  });
}

interface CycloneDxChanges {
  readonly document?: object;
  readonly analysis?: object;
  readonly affects?: unknown;
}

function aCycloneDx({ document = {}, analysis = {}, affects }: CycloneDxChanges = {}): string {
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    metadata: { timestamp: '2026-11-20T09:00:00Z' },
    components: [
      {
        ...{ 'bom-ref': 'a', type: 'library', name: 'lodash', version: '4.17.15' },
        purl: 'pkg:npm/lodash@4.17.15',
      },
    ],
    vulnerabilities: [
      {
        id: 'CVE-2021-23337',
        analysis: { state: 'not_affected', justification: 'code_not_reachable', ...analysis },
        affects: affects ?? [{ ref: 'a' }],
      },
    ],
    ...document,
  });
}

async function excuse(text: string | Buffer, finding = lodash): Promise<string | null> {
  return excusedByVex(await readVex(inPieces(Buffer.from(text))), finding)?.why ?? null;
}

test('what tools and projects have written is read', async () => {
  const why: Readonly<Record<string, readonly [Finding, RegExp | null][]>> = {
    'go-vex-0.2.8-openvex.json': [
      [lodash, /CVE-2021-23337: not affected, by VEX: vulnerable_code_not_in_execute_path/],
      [aFinding('GHSA-35jh-r3h4-6jhm', 'lodash', '4.17.15'), /not affected/],
      [aFinding('CVE-2021-23337', 'lodash', '4.17.14'), null],
      [aFinding('CVE-2020-8203', 'lodash', '4.17.15'), /zipObjectDeep is never called/],
      [aFinding('CVE-2020-8203', '@sindresorhus/is', '7.0.1'), /zipObjectDeep/],
      [aFinding('CVE-2020-8203', 'shop', '1.0.0'), null],
      // Fixed, and two days later looked into again.
      [aFinding('CVE-2020-28500', 'lodash', '4.17.15'), null],
      [aFinding('CVE-2020-11022', 'jquery', '3.4.1'), null],
    ],
    'trivy-0.67.0-openvex.json': [],
    'trivy-0.67.0-cyclonedx.json': [
      [
        aFinding('CVE-2021-44228', 'org.springframework.boot:spring-boot', '2.6.0', 'maven'),
        /code_not_reachable/,
      ],
      // Nobody says why.
      [aFinding('CVE-2022-27943', 'libstdc++6', '12.3.0-1ubuntu1~22.04', 'deb/ubuntu'), null],
    ],
    'bom-examples-1.4-cyclonedx.json': [
      [
        aFinding(
          'CVE-2020-25649',
          'com.fasterxml.jackson.core:jackson-databind',
          '2.10.0',
          'maven',
        ),
        /CVE-2020-25649: not affected, by VEX: code_not_reachable/,
      ],
    ],
  };

  for (const [file, findings] of Object.entries(why)) {
    const statements = await readFixture(file);
    assert.ok(statements.length > 0, file);
    for (const [finding, expected] of findings) {
      const line = excusedByVex(statements, finding)?.why ?? null;
      if (expected === null) assert.equal(line, null, `${file}: ${finding.rule}`);
      else assert.match(line ?? '', expected, `${file}: ${finding.rule}`);
    }
  }
  await assert.rejects(readFixture('grype-0.100.0-csaf.json'), /CSAF is not read/);
  assert.deepEqual(
    readdirSync(folder).sort(),
    [...Object.keys(why), 'grype-0.100.0-csaf.json'].sort(),
  );
});

test('a finding is excused by either format', async () => {
  assert.match((await excuse(anOpenvex())) ?? '', /vulnerable_code_not_present/);
  assert.match((await excuse(aCycloneDx())) ?? '', /code_not_reachable/);
});

const refused: Readonly<Record<string, string | Buffer>> = {
  'an empty file': '',
  'half of a document': anOpenvex().slice(0, 200),
  'two documents': anOpenvex() + anOpenvex(),
  'a list': `[${anOpenvex()}]`,
  'a page of a web server': '<!doctype html><html></html>',
  'a document in UTF-16': Buffer.from(anOpenvex(), 'utf16le'),
  'another document': '{"data":[1]}',
  'OpenVEX of another version': anOpenvex().replace('v0.2.0', 'v0.0.1'),
  'OpenVEX without a time': anOpenvex({ document: { timestamp: undefined } }),
  'OpenVEX with a time that is none': anOpenvex({ statement: { timestamp: 'yesterday' } }),
  'OpenVEX without statements': anOpenvex({ document: { statements: [] } }),
  'a status that is none': anOpenvex({ statement: { status: 'harmless' } }),
  'a justification that is none': anOpenvex({ statement: { justification: 'because' } }),
  'a vulnerability that is only linked': anOpenvex({
    statement: { vulnerability: { '@id': 'CVE-2021-23337' } },
  }),
  'products that are no list': anOpenvex({ statement: { products: 'pkg:npm/lodash' } }),
  'CycloneDX of another version': aCycloneDx({ document: { specVersion: '1.3' } }),
  'CycloneDX without vulnerabilities': aCycloneDx({ document: { vulnerabilities: [] } }),
  'CycloneDX without an analysis': aCycloneDx({ analysis: { state: undefined } }),
  'a state that is none': aCycloneDx({ analysis: { state: 'fine' } }),
  'versions that are no list': aCycloneDx({ affects: [{ ref: 'a', versions: { range: '*' } }] }),
};

for (const [what, text] of Object.entries(refused)) {
  test(`${what} is refused`, async () => {
    await assert.rejects(
      excuse(text),
      (error) => error instanceof OperationalError && error.failure.code === 'report-invalid',
    );
  });
}

const silent: Readonly<Record<string, string>> = {
  'a statement without products': anOpenvex({ statement: { products: undefined } }),
  'a product that is no package': anOpenvex({ statement: { products: [{ '@id': 'lodash' }] } }),
  'a package of some architecture': anOpenvex({
    statement: { products: [{ '@id': 'pkg:npm/lodash?arch=arm64' }] },
  }),
  'a part of a package': anOpenvex({
    statement: { products: [{ '@id': 'pkg:npm/lodash@4.17.15#fp' }] },
  }),
  'a package with another in it': anOpenvex({
    statement: {
      products: [{ '@id': 'pkg:npm/lodash@4.17.15', subcomponents: [{ '@id': 'pkg:npm/a' }] }],
    },
  }),
  'the package of that name in another ecosystem': anOpenvex({
    statement: { products: [{ '@id': 'pkg:pypi/lodash@4.17.15' }] },
  }),
  'that it is fixed, in no version': anOpenvex({
    statement: { products: [{ '@id': 'pkg:npm/lodash' }], status: 'fixed' },
  }),
  'that it was resolved, in no version': aCycloneDx({
    document: {
      components: [{ 'bom-ref': 'a', type: 'library', name: 'lodash', purl: 'pkg:npm/lodash' }],
    },
    analysis: { state: 'resolved' },
  }),
  'no reason': anOpenvex({ statement: { justification: undefined } }),
  'no reason in CycloneDX': aCycloneDx({ analysis: { justification: undefined } }),
  'what is exploitable': aCycloneDx({ analysis: { state: 'exploitable' } }),
  'what is in triage': aCycloneDx({ analysis: { state: 'in_triage' } }),
  'a component that is not listed': aCycloneDx({ affects: [{ ref: 'b' }] }),
  'no component': aCycloneDx({ affects: [] }),
  'another version': aCycloneDx({
    affects: [{ ref: 'a', versions: [{ version: '4.17.14', status: 'unaffected' }] }],
  }),
  'a range of versions': aCycloneDx({
    affects: [{ ref: 'a', versions: [{ range: 'vers:npm/<5', status: 'unaffected' }] }],
  }),
  'a component without a version, of which some are affected': aCycloneDx({
    document: {
      components: [{ 'bom-ref': 'a', type: 'library', name: 'lodash', purl: 'pkg:npm/lodash' }],
    },
    affects: [{ ref: 'a', versions: [{ range: 'vers:npm/<5' }] }],
  }),
};

for (const [what, text] of Object.entries(silent)) {
  test(`${what} excuses nothing`, async () => {
    assert.equal(await excuse(text), null);
  });
}

test('of CycloneDX the version that was analysed is meant, or those that are unaffected', async () => {
  const advisory = aCycloneDx({
    affects: [{ ref: 'a', versions: [{ version: '4.17.15', status: 'affected' }] }],
  });
  const unaffected = aCycloneDx({
    affects: [{ ref: 'a', versions: [{ version: '4.17.14', status: 'unaffected' }] }],
  });

  assert.notEqual(await excuse(advisory), null);
  assert.notEqual(await excuse(unaffected, aFinding('CVE-2021-23337', 'lodash', '4.17.14')), null);
});

test('of CycloneDX a range that is exploitable objects to every version', async () => {
  const dated = { lastUpdated: '2026-11-21T09:00:00Z' };
  const later = aCycloneDx({
    analysis: { ...dated, state: 'exploitable' },
    affects: [{ ref: 'a', versions: [{ range: 'vers:npm/<4.18' }] }],
  });
  const other = aFinding('CVE-2021-23337', 'lodash', '4.17.14');
  const statements = await readVex(inPieces(Buffer.from(later)));
  const excusing = (await readVex(inPieces(Buffer.from(anOpenvex())))).map((statement) => ({
    ...statement,
    products: [{ name: 'lodash', version: null, ecosystem: 'npm' }],
  }));

  assert.notEqual(excusedByVex(excusing, other), null);
  assert.equal(excusedByVex([...excusing, ...statements], other), null);
});

test('a false positive needs no reason, and what was resolved is fixed', async () => {
  const wrong = aCycloneDx({ analysis: { state: 'false_positive', justification: undefined } });

  assert.match((await excuse(wrong)) ?? '', /false positive/);
  assert.match((await excuse(aCycloneDx({ analysis: { state: 'resolved' } }))) ?? '', /fixed/);
});

test('the time of an analysis comes before that of its document', async () => {
  const [later] = await readVex(
    inPieces(Buffer.from(aCycloneDx({ analysis: { lastUpdated: '2026-11-21T09:00:00Z' } }))),
  );
  const [plain] = await readVex(inPieces(Buffer.from(aCycloneDx())));

  assert.equal((later?.atMs ?? 0) - (plain?.atMs ?? 0), 86_400_000);
});
