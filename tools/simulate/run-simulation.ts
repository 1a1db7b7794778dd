/**
 * The engine on a simulated world: every single fault at every call, every pair of faults at every two
 * commands, and a swarm of any few faults up to the number asked for.
 * `npm run simulate -- [--deployments N] [--seed S] [--mutants] [--json]`. One run again, readably: of the
 * swarm by `--seed S --trace`, any other by `--scenario JSON --trace`, as a failed run has printed it.
 */
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { countMutants } from './count-mutants.ts';
import { readOptions, scenarioOf, wholeNumber } from './read-options.ts';
import { simulate } from './simulate.ts';
import { traceLines } from './trace-lines.ts';

const values = readOptions({
  deployments: { type: 'string', default: '20000' },
  seed: { type: 'string', default: '1' },
  scenario: { type: 'string' },
  json: { type: 'boolean', default: false },
  mutants: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
});
const deployments = wholeNumber('deployments', values.deployments);
const seed = wholeNumber('seed', values.seed);

if (values.trace || values.scenario !== undefined) {
  const scenario =
    values.scenario === undefined ? swarmScenario(seed) : scenarioOf(values.scenario);
  for await (const line of traceLines(aSimulatedPlan(), scenario)) {
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
