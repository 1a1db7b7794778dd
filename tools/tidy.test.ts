/** Holds the repository to its own form; each rule is tried on planted faults in tools/tidy. */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { cycleRule } from './tidy/cycle-rule.ts';
import { documentRule } from './tidy/document-rule.ts';
import { driverRule } from './tidy/driver-rule.ts';
import { exportRule } from './tidy/export-rule.ts';
import { failureRule } from './tidy/failure-rule.ts';
import type { TidyRule } from './tidy/finding.ts';
import { layerRule } from './tidy/layer-rule.ts';
import { nameRule } from './tidy/name-rule.ts';
import { orphanRule } from './tidy/orphan-rule.ts';
import { sizeRule } from './tidy/size-rule.ts';
import { readSourceTree } from './tidy/source-tree.ts';
import { textRule } from './tidy/text-rule.ts';

const tree = readSourceTree(dirname(import.meta.dirname));

const rules: Readonly<Record<string, TidyRule>> = {
  'imports follow the layer table': layerRule,
  'imports do not go round in circles': cycleRule,
  'files and functions are short': sizeRule,
  'files are named after what they export': nameRule,
  'exports are named, and modules have no state': exportRule,
  'every file is used': orphanRule,
  'every driver is complete and registered': driverRule,
  'every failure code is documented': failureRule,
  'files say their part, and nothing is left undone without an issue': textRule,
  'decisions, changes and links have their form': documentRule,
};

for (const [title, rule] of Object.entries(rules)) {
  test(title, () => {
    const findings = rule(tree).map(
      ({ path, line, message }) => `${path}${line === undefined ? '' : `:${line}`} ${message}`,
    );

    assert.ok(findings.length === 0, `\n${findings.join('\n')}`);
  });
}
