import { describeReport } from '../../contract-suites/report.ts';
import { coberturaReport } from './driver.ts';

const reader = coberturaReport.connect({ lines: 0.5, measured: 2 }, { stateDirectory: '/nowhere' });

const passing =
  '<coverage line-rate="1"><packages><package name="a"><classes><class name="b"><methods/><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>';

describeReport('cobertura', reader, {
  folder: import.meta.dirname,
  expected: {
    'c8-12.0.0.xml': {
      coverage: {
        lines: { covered: 2, total: 2 },
        branches: { covered: 2, total: 3 },
        functions: { covered: 1, total: 2 },
      },
    },
  },
  passing,
  broken: {
    'too few lines': passing.replace('hits="2"', 'hits="0"'),
    'too few lines that were measured': passing.replace('<line number="2" hits="0"/>', ''),
    'a line with more branches reached than it has': passing.replace(
      'hits="0"/>',
      'hits="0" condition-coverage="90% (90/1)"/><line number="3" hits="1" condition-coverage="0% (0/99)"/>',
    ),
    'no lines at all': passing.replace(/<line .*\/>/, ''),
    'no classes at all': '<coverage line-rate="1" lines-covered="9" lines-valid="9"/>',
    'a rate that says more than is listed': passing.replace('hits="2"', 'hits="none"'),
    'an element that is not closed': passing.replace('</class>', ''),
    'a clover report':
      '<coverage generated="1"><project><metrics statements="9" coveredstatements="9"/></project></coverage>',
    'a JaCoCo report': '<report name="a"><counter type="LINE" missed="0" covered="9"/></report>',
    'a document type of its own': `<!DOCTYPE coverage [<!ENTITY a "b">]>${passing}`,
  },
});
