/**
 * The engine on a simulated world: every single fault at every call, then a swarm of any few faults.
 * `npm run simulate -- [--deployments N] [--seed S] [--json]`; one run again, readably:
 * `npm run simulate -- --seed S --trace`.
 */
import { parseArgs } from 'node:util';
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { everySingleFault } from '../../test/simulation/every-single-fault.ts';
import type { ReleaseBehaviour } from '../../test/simulation/scenario.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { simulateScenarios, simulateSwarm } from './simulate-in-threads.ts';
import { traceLines } from './trace-lines.ts';

const SINGLES_OF: readonly ReleaseBehaviour[] = ['good', 'errors', 'exits'];

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
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
  process.exitCode = (await simulate()) ? 0 : 1;
}

async function simulate(): Promise<boolean> {
  const plan = aSimulatedPlan();
  const points = (
    await Promise.all(SINGLES_OF.map((release) => everySingleFault(plan, release, seed)))
  ).flat();
  const singles = await simulateScenarios(points);
  const swarm = await simulateSwarm(seed, deployments);
  const failures = [...singles.failures, ...swarm.failures];
  const counts = Object.values(swarm.cells);
  const report = {
    deployments: singles.deployments + swarm.deployments,
    violations: failures.length,
    singles: { points: points.length, run: singles.deployments },
    sometimes: { cells: counts.length, min: Math.min(...counts) },
    outcomes: swarm.outcomes,
    traceHash: ((singles.traceHash + swarm.traceHash) >>> 0).toString(16).padStart(8, '0'),
  };
  for (const { scenario, messages } of failures) {
    process.stderr.write(`${JSON.stringify(scenario)}\n  ${messages.join('\n  ')}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else for (const [name, value] of Object.entries(report)) tell(name, value);
  return failures.length === 0;
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
