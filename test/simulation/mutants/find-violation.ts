/** Runs scenarios until the observer objects; says to what, or nothing. */
import { aSimulatedPlan } from '../a-simulated-plan.ts';
import { carryOutRun } from '../carry-out-run.ts';
import { releaseBehaviours, type Scenario } from '../scenario.ts';
import { swarmScenario } from '../swarm-scenario.ts';

const SWARM = 3_000;
const ABREAST = 50;

function* scenarios(): Iterable<Scenario> {
  for (const release of releaseBehaviours) yield { seed: 1, release, faults: [] };
  for (let seed = 1_000; seed < 1_000 + SWARM; seed += 1) yield swarmScenario(seed);
}

async function findViolation(): Promise<string | null> {
  const plan = aSimulatedPlan();
  let batch: Scenario[] = [];
  for (const scenario of scenarios()) {
    batch.push(scenario);
    if (batch.length < ABREAST) continue;
    const results = await Promise.all(batch.map((each) => carryOutRun(plan, each)));
    const [found] = results.flatMap(({ violations }) => violations);
    if (found) return `${found.invariant} ${found.message}`;
    batch = [];
  }
  return null;
}

process.stdout.write((await findViolation()) ?? '');
