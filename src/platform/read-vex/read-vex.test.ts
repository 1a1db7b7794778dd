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

function readFixture(
  file: string,
  product: string | null = null,
): Promise<readonly VexStatement[]> {
  return readVex(inPieces(readFileSync(join(folder, file))), product);
}

function validReason(statements: readonly VexStatement[], finding: Finding): string | null {
  const excuse = excusedByVex(statements, finding);
  return excuse?.isValid ? excuse.why : null;
}

function aFinding(
  rule: string,
  name: string,
  version: string,
  ecosystem: string | null = 'npm',
): Finding {
  return {
    ...{ rule, level: 'high', message: '', places: [], isSuppressed: false },
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

async function excuse(
  text: string | Buffer,
  finding = lodash,
  product: string | null = null,
): Promise<string | null> {
  return validReason(await readVex(inPieces(Buffer.from(text)), product), finding);
}

const SHOP =
  'pkg:oci/shop@sha256%3A9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

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
    const statements = await readFixture(file, SHOP);
    assert.ok(statements.length > 0, file);
    for (const [finding, expected] of findings) {
      const line = validReason(statements, finding);
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
  const statements = await readVex(inPieces(Buffer.from(later)), null);
  const excusing = (await readVex(inPieces(Buffer.from(anOpenvex())), null)).map((statement) => ({
    ...statement,
    products: [{ package: { name: 'lodash', version: null, ecosystem: 'npm' }, doubt: null }],
  }));

  assert.notEqual(excusedByVex(excusing, other), null);
  assert.equal(excusedByVex([...excusing, ...statements], other), null);
});

test('parts of a product are believed of the declared one alone, and the field is named', async () => {
  const said: readonly [string | null, RegExp | null][] = [
    [SHOP, null],
    [null, /it is about pkg:oci\/shop@sha256.*, and vex\.product is not declared/],
    ['pkg:oci/shop', /it is about pkg:oci\/shop@sha256.*, and vex\.product is pkg:oci\/shop$/],
    ['pkg:oci/other', /and vex\.product is pkg:oci\/other$/],
  ];

  for (const [product, doubt] of said) {
    const statements = await readFixture('go-vex-0.2.8-openvex.json', product);
    const excused = excusedByVex(statements, aFinding('CVE-2020-8203', 'lodash', '4.17.15'));
    assert.equal(excused?.isValid, doubt === null, product ?? 'none');
    assert.match(excused.why, doubt ?? /zipObjectDeep/);
  }
});

test('of several products that a statement names one is enough', async () => {
  const busybox = aFinding('CVE-2023-42363', 'busybox', '1.36.1', 'apk/alpine');
  const reason = async (product: string | null): Promise<string | null> =>
    validReason(await readFixture('trivy-0.67.0-openvex.json', product), busybox);

  assert.match(
    (await reason('pkg:oci/trivy?repository_url=ghcr.io/aquasecurity/trivy')) ?? '',
    /not affected/,
  );
  assert.equal(await reason('pkg:oci/trivy?repository_url=ghcr.io/other/trivy'), null);
  assert.equal(await reason('pkg:oci/trivy'), null);
  assert.equal(await reason(null), null);
});

test('a statement about the declared product itself is one about all in it', async () => {
  const text = anOpenvex({ statement: { products: [{ '@id': 'pkg:oci/shop' }] } });

  assert.notEqual(await excuse(text, lodash, 'pkg:oci/shop?arch=amd64'), null);
  assert.equal(await excuse(text, lodash, 'pkg:oci/other'), null);
  assert.equal(await excuse(text), null);
});

test('what a document of CycloneDX says of parts of its product is believed of the declared one alone', async () => {
  const root = { 'bom-ref': 'root', type: 'application', name: 'shop', version: '1.0' };
  const ofShop = (changes: CycloneDxChanges = {}, purl?: string): string =>
    aCycloneDx({
      ...changes,
      document: { metadata: { component: { ...root, ...(purl !== undefined && { purl }) } } },
    });
  const named = 'pkg:npm/shop@1.0';
  const cases: readonly [string, string | null, boolean][] = [
    [ofShop({}, named), 'pkg:npm/shop@1.0', true],
    [ofShop({}, named), 'pkg:npm/shop@2.0', false],
    [ofShop({}, named), 'pkg:npm/shop', false],
    [ofShop({}, named), null, false],
    [ofShop(), 'pkg:npm/shop@1.0', false],
    [ofShop({ affects: [{ ref: 'root' }] }, named), 'pkg:npm/shop@1.0', true],
    [ofShop({ affects: [{ ref: 'root' }] }, named), 'pkg:npm/other@1.0', false],
    [ofShop({ affects: [{ ref: 'root' }] }, named), null, false],
    [ofShop({ affects: [{ ref: 'root', versions: [{ version: '1.0' }] }] }, named), named, false],
    [ofShop({ affects: [{ ref: 'pkg:npm/lodash@4.17.15' }] }, named), 'pkg:npm/other', false],
  ];

  for (const [text, product, isExcused] of cases) {
    assert.equal((await excuse(text, lodash, product)) !== null, isExcused, `${product}: ${text}`);
  }
  const [statement] = await readVex(inPieces(Buffer.from(ofShop({}, named))), 'pkg:npm/other');
  assert.deepEqual(statement?.products[0]?.doubt, {
    isAnother: true,
    why: 'it is about pkg:npm/shop@1.0, and vex.product is pkg:npm/other',
  });
  // By whoever makes the package, of itself.
  const itself = aFinding('CVE-2021-23337', 'shop', '1.0');
  assert.notEqual(await excuse(ofShop({ affects: [{ ref: 'root' }] }, named), itself), null);
});

test('a false positive needs no reason, and what was resolved is fixed', async () => {
  const wrong = aCycloneDx({ analysis: { state: 'false_positive', justification: undefined } });

  assert.match((await excuse(wrong)) ?? '', /false positive/);
  assert.match((await excuse(aCycloneDx({ analysis: { state: 'resolved' } }))) ?? '', /fixed/);
});

test('the time of an analysis comes before that of its document', async () => {
  const [later] = await readVex(
    inPieces(Buffer.from(aCycloneDx({ analysis: { lastUpdated: '2026-11-21T09:00:00Z' } }))),
    null,
  );
  const [plain] = await readVex(inPieces(Buffer.from(aCycloneDx())), null);

  assert.equal((later?.atMs ?? 0) - (plain?.atMs ?? 0), 86_400_000);
});
