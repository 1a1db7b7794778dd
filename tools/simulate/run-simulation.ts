/**
 * The engine on a simulated world: every single fault at every call, every pair of faults at every two
 * commands, and a swarm of any few faults up to the number asked for.
 * `npm run simulate -- [--deployments N] [--seed S] [--mutants] [--json]`. One run again, readably: of the
 * swarm by `--seed S --trace`, any other by `--scenario JSON`, as a failed run has printed it.
 */
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { planShapes, releaseBehaviours, type Scenario } from '../../test/simulation/scenario.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { WrongOption } from '../command-line/wrong-option.ts';
import { countMutants } from './count-mutants.ts';
import { simulate } from './simulate.ts';
import { failureLines } from './tally.ts';
import { traceLines } from './trace-lines.ts';

async function main(): Promise<number> {
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
  if (values.scenario !== undefined) return trace(scenarioOf(values.scenario));
  if (values.trace) return trace(swarmScenario(seed));
  const hunted = values.mutants ? await countMutants() : null;
  const { failures, report } = await simulate({ deployments, seed });
  const surprises = hunted?.surprises ?? [];
  for (const name of surprises) process.stderr.write(`A mutant surprises: ${name}\n`);
  for (const line of failureLines(failures)) process.stderr.write(`${line}\n`);
  tell({ ...report, ...(hunted && { mutants: hunted.counts }) }, values.json);
  return report.violations === 0 && surprises.length === 0 ? 0 : 1;
}

async function trace(scenario: Scenario): Promise<number> {
  for await (const line of traceLines(aSimulatedPlan(scenario.shape), scenario)) {
    process.stdout.write(`${line}\n`);
  }
  return 0;
}

function tell(report: object, asJson: boolean): void {
  const lines = Object.entries(report).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  process.stdout.write(`${asJson ? JSON.stringify(report) : lines.join('\n')}\n`);
}

/** As a failed run prints it. */
function scenarioOf(text: string): Scenario {
  try {
    const { seed, release, shape = 'two-shifts', faults } = JSON.parse(text) as Scenario;
    const isKnown = releaseBehaviours.includes(release) && planShapes.includes(shape);
    if (Number.isSafeInteger(seed) && isKnown && Array.isArray(faults)) {
      return { seed, release, shape, faults };
    }
  } catch {
    // Said below, with what was given.
  }
  throw new WrongOption(`--scenario takes what a failed run has printed, not "${text}"`);
}

await runCommand(main);
