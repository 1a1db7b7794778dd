import type { Plan } from '../../src/core/plan/plan.ts';
import { carryOutRun } from '../../test/simulation/carry-out-run.ts';
import { courseOf, eventLoopTurn } from '../../test/simulation/run-course.ts';
import type { Scenario } from '../../test/simulation/scenario.ts';
import { startSimulatedRun } from '../../test/simulation/simulated-run.ts';

/** One run as lines: what was called, what was recorded, and what the balancer followed when. */
export async function* traceLines(plan: Plan, scenario: Scenario): AsyncGenerator<string> {
  yield JSON.stringify(scenario);
  const run = await startSimulatedRun(plan, scenario);
  const seen = { calls: 0, audit: 0, routing: '' };
  const course = courseOf(run);
  do {
    await eventLoopTurn();
    const at = run.nowMs().toFixed(0).padStart(8);
    for (const call of run.calls.slice(seen.calls)) {
      const struck = run.struck.filter((fault) => fault.at === seen.calls);
      yield `${at}   #${seen.calls} ${call} ${struck.map(({ fault }) => fault.toUpperCase()).join(' ')}`;
      seen.calls += 1;
    }
    for (const { body } of run.store.audit.slice(seen.audit)) {
      const step = 'step' in body ? body.step : '';
      const failure = 'failure' in body ? `${body.failure.code}: ${body.failure.message}` : '';
      yield `${at} ${body.kind} ${step} ${failure}`;
      seen.audit += 1;
    }
    run.surroundings.sync();
    const observed = plan.services.map(({ scope }) => run.surroundings.routing.observe(scope));
    const routing = JSON.stringify(
      observed.map((each) => [each?.token, each?.weights, each?.fallback?.cause]),
    );
    if (routing !== seen.routing) yield `${at} ROUTING ${routing}`;
    seen.routing = routing;
  } while (course.advance());
  for (const { invariant, message } of (await carryOutRun(plan, scenario)).violations) {
    yield `VIOLATED ${invariant} ${message}`;
  }
}
