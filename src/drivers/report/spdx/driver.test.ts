import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { spdxReport } from './driver.ts';

const reader = spdxReport.connect(
  { components: 1, licences: { allow: ['MIT', 'ISC'], unknown: 0 } },
  { stateDirectory: '/nowhere' },
);

function aPackage(changes: object = {}): object {
  return {
    ...{ name: 'lodash', SPDXID: 'SPDXRef-lodash', versionInfo: '4.17.15' },
    ...{ licenseConcluded: 'NOASSERTION', licenseDeclared: 'MIT' },
    ...changes,
  };
}

const release = { name: 'shop', SPDXID: 'SPDXRef-shop', licenseDeclared: 'UNLICENSED' };

function describes(id: string): object {
  return {
    spdxElementId: 'SPDXRef-DOCUMENT',
    relationshipType: 'DESCRIBES',
    relatedSpdxElement: id,
  };
}

/** Which package is the release is said in the end. */
function aDocument(packages: unknown = [release, aPackage()], more: object = {}): string {
  return JSON.stringify({
    ...{ spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'shop' },
    creationInfo: { created: '2026-11-20T09:00:00Z', creators: ['Tool: sbom-1.0.0'] },
    packages,
    relationships: [describes('SPDXRef-shop')],
    ...more,
  });
}

const componentsIn = (text: string): Promise<readonly Component[]> =>
  factsOfKind(reader, text, 'component');

describeReport('spdx', reader, {
  folder: import.meta.dirname,
  expected: {
    'npm-11.19.1.json': { tool: { name: 'npm/cli', version: '11.19.1' }, components: 7 },
    'syft-1.57.1.json': { tool: { name: 'syft', version: null }, components: 8 },
    'trivy-0.67.0.json': { tool: { name: 'trivy', version: null }, components: 2 },
  },
  passing: aDocument(),
  broken: {
    'a list without packages': aDocument([]),
    'no list of packages': aDocument(undefined, { packages: undefined }),
    'packages that are no list': aDocument({}),
    'the release alone': aDocument([release]),
    'the file alone in which nothing was found': aDocument([
      release,
      aPackage({ primaryPackagePurpose: 'FILE' }),
    ]),
    'a package without a name': aDocument([aPackage({ name: undefined })]),
    'a package without an id': aDocument([aPackage({ SPDXID: undefined })]),
    'a version that is no text': aDocument([aPackage({ versionInfo: 4 })]),
    'a package without a licence': aDocument([aPackage({ licenseDeclared: undefined })]),
    'a package of whose licence nothing is asserted': aDocument([
      aPackage({ licenseDeclared: 'NOASSERTION' }),
    ]),
    'a package that has no licence': aDocument([aPackage({ licenseDeclared: 'NONE' })]),
    'a licence that is not allowed': aDocument([aPackage({ licenseDeclared: 'GPL-3.0-only' })]),
    'a licence that turned out to be another': aDocument([
      aPackage({ licenseConcluded: 'MIT AND GPL-3.0-only' }),
    ]),
    'another version': aDocument(undefined, { spdxVersion: 'SPDX-2.1' }),
    'SPDX 3': JSON.stringify({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [{ type: 'software_Package', name: 'lodash' }],
    }),
    'a relationship of nothing': aDocument(undefined, { relationships: [{}] }),
    'a document that nobody has made': aDocument(undefined, { creationInfo: undefined }),
  },
});

test('one package that a document describes is the release, several are what it is made of', async () => {
  const names = async (more: object): Promise<readonly string[]> =>
    (await componentsIn(aDocument(undefined, more))).map(({ name }) => name);

  assert.deepEqual(await names({}), ['lodash']);
  const byList = { relationships: [], documentDescribes: ['SPDXRef-shop'] };
  assert.deepEqual(await names(byList), ['lodash']);
  const inverse = {
    ...{ spdxElementId: 'SPDXRef-shop', relationshipType: 'DESCRIBED_BY' },
    relatedSpdxElement: 'SPDXRef-DOCUMENT',
  };
  assert.deepEqual(await names({ relationships: [inverse] }), ['lodash']);
  const both = { relationships: [describes('SPDXRef-shop'), describes('SPDXRef-lodash')] };
  assert.deepEqual(await names(both), ['shop', 'lodash']);
  assert.deepEqual(await names({ relationships: [] }), ['shop', 'lodash']);
});

test('a licence that was concluded comes before one that was declared', async () => {
  const [component] = await componentsIn(aDocument([aPackage({ licenseConcluded: 'ISC' })]));

  assert.deepEqual(component, {
    ...{ kind: 'component', name: 'lodash', version: '4.17.15', licences: ['ISC'] },
  });
});

test('SPDX 3 is refused with a way out', async () => {
  await assert.rejects(componentsIn('{"@graph":[]}'), /have the tool write SPDX 2\.3/);
});
