/** A target in memory: nothing runs, everything answers. For tests, the simulation and dry runs. */
import { z } from 'zod';
import { durationSchema } from '../../../core/model/duration.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { Driver } from '../../contract.ts';
import { simulatedTargetOf } from './simulated-target.ts';
import { createSimulatedWorld } from './simulated-world.ts';

const INSTANCES_MAX = 64;

const config = z.strictObject({
  instances: z.int().min(1).max(INSTANCES_MAX).describe('How many instances a pool has.'),
  startTimeout: durationSchema
    .default(30_000)
    .describe('How long an instance may take until it accepts connections.'),
  stopGrace: durationSchema
    .default(10_000)
    .describe('Read as by other targets; simulated instances end at once.'),
});

type SimulatedTargetConfig = z.output<typeof config>;

export const simulatedTarget: Driver<'target', SimulatedTargetConfig> = {
  kind: 'target',
  id: 'simulated',
  summary: 'Keeps instances in memory only, for tests and simulations.',
  config,
  capabilities: new Set(['fencing']),
  connect: () => simulatedTargetOf(createSimulatedWorld(), systemClock),
};
