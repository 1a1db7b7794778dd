import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentsAsked, scannedComponentsAsked } from './components-asked.ts';

test('without a word a list must have a component, under any licence', () => {
  assert.deepEqual(componentsAsked.ruleOf(componentsAsked.config.parse({})), {
    ...{ subject: 'components', componentsMin: 1, licences: null, vulnerabilities: null },
  });
});

test('licences and vulnerabilities are asked for by name', () => {
  const { config, ruleOf } = scannedComponentsAsked;
  const asked = config.parse({
    ...{ components: 12, licences: { allow: ['MIT'] }, vulnerabilities: { level: 'high' } },
  });

  assert.deepEqual(ruleOf(asked), {
    ...{ subject: 'components', componentsMin: 12 },
    licences: { allowed: ['MIT'], unknownMax: 0 },
    vulnerabilities: {
      ...{ subject: 'findings', level: 'high', findingsMax: 0, databaseAgeMaxMs: null },
      covered: { unit: 'package', min: 12 },
      ...{ suppressedMax: 0, exceptStable: false },
    },
  });
});

test('a licence that could never be found is refused', () => {
  for (const wrong of ['mit', 'MIT OR ISC', 'Apache 2', '']) {
    const { success } = componentsAsked.config.safeParse({ licences: { allow: [wrong] } });
    assert.equal(success, false, wrong);
  }
  assert.equal(componentsAsked.config.safeParse({ licences: { allow: [] } }).success, false);
  assert.equal(componentsAsked.config.safeParse({ vulnerabilities: {} }).success, false);
});
