/** The surroundings of a single action, without a database or an engine. */
import { decide } from '../../../src/core/deployment/decide.ts';
import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import { invariant } from '../../../src/core/invariant.ts';
import type { PlannedPool } from '../../../src/core/plan/plan.ts';
import type { ActionContext } from '../../../src/engine/action-context.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { aPlan } from '../plan-builder.ts';
import { simulatedSurroundings, type Surroundings } from './simulated-surroundings.ts';

export interface ActionUnderTest {
  readonly surroundings: Surroundings;
  readonly context: ActionContext;
  /** Has the pool run in the simulated target. */
  run(pool: PlannedPool): Promise<void>;
}

/** For a deployment of 2.0 over 1.0 whose present command ends after `deadlineMs`. */
export function actionUnderTest(deadlineMs = 10_000, clock?: Clock): ActionUnderTest {
  const surroundings = simulatedSurroundings(clock);
  const plan = aPlan({
    probes: [{ name: 'health', driver: 'simulated', config: { timeout: 2_000 } }],
  });
  const { command } = decide(plan, initialState, { kind: 'Started' });
  invariant(command, 'a plan has a first command');
  const [service] = plan.services;
  const drivers = surroundings.connectDrivers(service);
  const signal = AbortSignal.timeout(deadlineMs);
  let sequence = 0;
  return {
    surroundings,
    context: {
      plan,
      service,
      command,
      lease: null,
      drivers,
      clock: surroundings.clock,
      work: surroundings.work,
      signal,
      end: () => (signal.aborted ? 'deadline' : null),
      environmentOf: () => Promise.resolve({}),
      watches: { seen: () => null, note: () => undefined },
      notesOf: () => Promise.resolve({ own: null, last: null }),
      progress: () => undefined,
    },
    async run({ stopGraceMs: _grace, ...spec }) {
      sequence += 1;
      const token = { deployment: 1, sequence };
      await drivers.target.ensure({ ...spec, environment: {} }, { token, signal });
    },
  };
}
