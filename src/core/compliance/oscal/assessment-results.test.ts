import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aControl,
  aShownCheck,
  someFacts,
} from '../../../../test/support/core/compliance-builder.ts';
import { oscalFaults } from '../../../../test/support/core/validate-oscal.ts';
import type { ComplianceReport } from '../compliance-report.ts';
import type { Control } from '../control.ts';
import { judgeCompliance } from '../judge-compliance.ts';
import { assessmentResults } from './assessment-results.ts';

const digest = `sha256:${'d'.repeat(64)}` as const;
const options = {
  ...{ digest, path: 'compliance/report', hrefOf: (path: string) => `run/${path}` },
};

function reportOf(controls: readonly Control[], changes: Partial<ComplianceReport> = {}) {
  const known = someFacts({
    checks: [aShownCheck('PASS'), aShownCheck('FAIL', { name: 'audit' })],
  });
  const report: ComplianceReport = {
    ...{ format: 'surefoot-compliance-1', surefoot: '0.1.0' },
    ...{ system: 'newsroom', service: 'shop', environment: 'production' },
    profile: { name: 'x', title: 'X', where: 'x.yaml', digest },
    ...{ startedAt: '2026-11-28T12:00:00.000Z', endedAt: '2026-11-28T12:00:01.000Z' },
    ...judgeCompliance({ name: 'x', title: 'X', controls }, known),
    ...changes,
  };
  return report;
}

const controls = [
  aControl({ id: 'x-passed' }),
  aControl({ id: 'x-failed', evidence: [{ kind: 'check', check: 'audit' }] }),
  aControl({ id: 'x-open', evidence: [{ kind: 'missing', why: 'no accounts' }] }),
  aControl({ id: 'x-elsewhere', applies: { environments: ['staging'] } }),
];

test('a report is a valid document of OSCAL', () => {
  assert.deepEqual(oscalFaults(assessmentResults(reportOf(controls), options)), []);
});

test('the schema finds what is wrong with a document', () => {
  const document = assessmentResults(reportOf(controls), options);
  const { uuid: _, ...without } = document['assessment-results'];

  assert.notDeepEqual(oscalFaults({ 'assessment-results': without }), []);
  assert.notDeepEqual(
    oscalFaults(assessmentResults(reportOf([aControl({ id: 'no token' })]), options)),
    [],
  );
  assert.notDeepEqual(
    oscalFaults(assessmentResults(reportOf(controls, { endedAt: 'noon' }), options)),
    [],
  );
});

test('a control is satisfied when it passed, and for nothing else', () => {
  const [result] = assessmentResults(reportOf(controls), options)['assessment-results'].results;

  assert.deepEqual(
    result?.findings?.map(({ target }) => [target['target-id'], target.status]),
    [
      ['x-passed', { state: 'satisfied', reason: 'pass' }],
      ['x-failed', { state: 'not-satisfied', reason: 'fail' }],
      ['x-open', { state: 'not-satisfied', reason: 'other', remarks: 'not-checked' }],
    ],
  );
  assert.deepEqual(result['reviewed-controls']['control-selections'], [
    {
      'include-controls': ['x-passed', 'x-failed', 'x-open'].map((id) => ({ 'control-id': id })),
      'exclude-controls': [{ 'control-id': 'x-elsewhere' }],
    },
  ]);
});

test('reports that show a control are there with where they lie and their digest', () => {
  const document = assessmentResults(reportOf(controls), options)['assessment-results'];
  const [, , lint] = document['back-matter'].resources;
  const observation = document.results[0]?.observations?.[0];

  assert.deepEqual(lint && 'rlinks' in lint ? lint.rlinks : null, [
    { href: 'run/lint/report', hashes: [{ algorithm: 'SHA-256', value: 'a'.repeat(64) }] },
  ]);
  assert.equal(observation?.['relevant-evidence']?.[0]?.href, `#${lint?.uuid}`);
});

test('what is written in several lines, or in none, is valid, too', () => {
  const report = reportOf([
    aControl({ source: ' \n ' }),
    aControl({ id: 'x-2', source: 'a\n b ' }),
  ]);

  assert.deepEqual(oscalFaults(assessmentResults(report, options)), []);
});

test('one of which nothing applies is valid, too', () => {
  const document = assessmentResults(reportOf(controls.slice(3)), options);

  assert.deepEqual(oscalFaults(document), []);
});

test('whatever people and tools write, the document is valid, and every reference leads somewhere', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const control = fc.record({ title: text, source: text, why: text, id: fc.nat({ max: 999 }) });
  fc.assert(
    fc.property(fc.uniqueArray(control, { selector: ({ id }) => id, maxLength: 5 }), (drawn) => {
      const report = reportOf([
        ...controls,
        ...drawn.map(({ title, source, why, id }) =>
          aControl({ id: `d-${id}`, title, source, evidence: [{ kind: 'missing', why }] }),
        ),
      ]);

      const document = assessmentResults(report, options);

      assert.deepEqual(oscalFaults(document), []);
      const written = JSON.stringify(document);
      const named = [...written.matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid);
      const meant = [...written.matchAll(/"(?:href":"#|observation-uuid":")([^"]+)"/g)];
      assert.equal(new Set(named).size, named.length);
      for (const [, uuid] of meant) assert.ok(named.includes(uuid), uuid);
    }),
    { numRuns: 30 },
  );
});
