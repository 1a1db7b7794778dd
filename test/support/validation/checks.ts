/** Checks as a chain takes them, with a small linter of their own. */
import { sarifReport } from '../../../src/drivers/report/sarif/driver.ts';
import type { NamedCheck } from '../../../src/engine/validation/run-check.ts';

const sarif = sarifReport.connect(
  { level: 'medium', max: 0, suppressed: 0, covered: 1 },
  { stateDirectory: '' },
);

/** Lists the `.js` files that it sees, and complains of those with "bad" in them. */
export const LINTER = `
  const fs = require('node:fs');
  const files = fs.readdirSync('.').filter((name) => name.endsWith('.js'));
  const results = files.filter((name) => fs.readFileSync(name, 'utf8').includes('bad')).map((name) => ({
    ruleId: 'no-bad', level: 'error', message: { text: 'bad' },
    locations: [{ physicalLocation: { artifactLocation: { uri: name } } }],
  }));
  const artifacts = files.map((uri) => ({ location: { uri } }));
  const tool = { driver: { name: 'lint', version: '1.0' } };
  const text = JSON.stringify({ version: '2.1.0', runs: [{ tool, artifacts, results }] });
  if (process.argv[1]) fs.writeFileSync(process.argv[1], text); else console.log(text);
`;

export function aCheck(name: string, changes: Partial<NamedCheck> = {}): NamedCheck {
  return {
    ...{
      name,
      run: ['node', '-e', ''],
      needs: [],
      plant: {},
      plantApart: {},
      timeout: 60_000,
      cpus: 1,
      env: {},
    },
    reader: null,
    ...changes,
  };
}

export const aLinter = (name: string, changes: Partial<NamedCheck> = {}): NamedCheck =>
  aCheck(name, { row: 'V1', run: ['node', '-e', LINTER], reader: sarif, ...changes });
