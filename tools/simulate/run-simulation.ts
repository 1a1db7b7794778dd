/**
 * The engine on a simulated world: every single fault at every call, every pair of faults at every two
 * commands, and a swarm of any few faults up to the number asked for.
 * `npm run simulate -- [--deployments N] [--seed S] [--mutants] [--json]`; one run of the swarm again,
 * readably: `npm run simulate -- --seed S --trace`.
 */
import { parseArgs } from 'node:util';
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { countMutants } from './count-mutants.ts';
import { simulate } from './simulate.ts';
import { traceLines } from './trace-lines.ts';

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});
const deployments = wholeNumber('deployments', values.deployments);
const seed = wholeNumber('seed', values.seed);

if (values.trace) {
  for await (const line of traceLines(aSimulatedPlan(), swarmScenario(seed))) {
    process.stdout.write(`${line}\n`);
  }
} else {
  const hunted = values.mutants ? await countMutants() : null;
  const simulated = await simulate({ deployments, seed });
  const { failures } = simulated;
  const report = { ...simulated.report, ...(hunted && { mutants: hunted.counts }) };
  const surprises = hunted?.surprises ?? [];
  for (const name of surprises) process.stderr.write(`A mutant surprises: ${name}\n`);
  for (const { scenario, messages } of failures) {
    process.stderr.write(`${JSON.stringify(scenario)}\n  ${messages.join('\n  ')}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else for (const [name, value] of Object.entries(report)) tell(name, value);
  process.exitCode = report.violations === 0 && surprises.length === 0 ? 0 : 1;
}

function tell(name: string, value: unknown): void {
  process.stdout.write(`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && text.trim() !== '') return value;
  process.stderr.write(`--${name} takes a whole number, not "${text}".\n`);
  process.exit(2);
}
