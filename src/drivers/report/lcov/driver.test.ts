import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { lcovReport } from './driver.ts';

const reader = lcovReport.connect(
  { lines: 0.5, branches: 0.5, measured: 2 },
  { stateDirectory: '/nowhere' },
);

const passing = 'TN:\nSF:a.js\nDA:1,3\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\n';

describeReport('lcov', reader, {
  folder: import.meta.dirname,
  expected: {
    'c8-12.0.0.info': {
      coverage: {
        lines: { covered: 2, total: 2 },
        branches: { covered: 2, total: 3 },
        functions: { covered: 1, total: 2 },
      },
    },
    'node-24.21.0.info': {
      coverage: {
        lines: { covered: 2, total: 2 },
        branches: { covered: 2, total: 3 },
        functions: { covered: 1, total: 2 },
      },
    },
  },
  passing,
  broken: {
    'too few lines': passing.replace('DA:1,3', 'DA:1,0'),
    'no branches at all': passing.replace(/BRDA.*\n/g, ''),
    'too few lines that were measured': passing.replace('DA:2,0\n', ''),
    'no lines at all': passing.replace(/^DA.*\n/gm, ''),
    'no file at all': 'TN:\n',
    'a file within a file': passing.replace('DA:1,3', 'SF:b.js\nDA:1,3'),
    'an end without a beginning': 'end_of_record\n',
    'a function whose count is none': passing.replace('DA:1,3', 'FNL:0,1,2\nFNA:0,many,a\nDA:1,3'),
    'a count that is none': passing.replace('DA:1,3', 'DA:1,many'),
    'a line of something else': `${passing}Statements : 90%\n`,
  },
});

test('functions of LCOV 2.2 count by their numbers, and were run by any of their names', async () => {
  const functions = [
    'FNL:0,1,4',
    'FNL:1,6,9',
    'FNL:2,11',
    'FNA:0,0,a',
    'FNA:0,3,b',
    'FNA:0,0,d',
    'FNA:1,0,c',
  ];
  const text = passing.replace('DA:1,3', `${functions.join('\n')}\nDA:1,3`);

  const coverage = await factsOfKind(reader, text, 'coverage');

  assert.deepEqual(
    coverage.find(({ metric }) => metric === 'functions'),
    { kind: 'coverage', metric: 'functions', covered: 1, total: 3 },
  );
});
