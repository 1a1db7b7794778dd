/** Manual gates: who must agree, before which share of the traffic, and until when. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { countWithin } from './scalar-schemas.ts';

const PEOPLE_MAX = 20;
const GATES_MAX = 20;

const approvalSchema = z.strictObject({
  before: countWithin(1, 100).describe(
    'Share of new requests in percent that the release does not reach without approval; 1 is before its first traffic.',
  ),
  approvers: countWithin(1, PEOPLE_MAX).prefault(1).describe('How many different people it takes.'),
  exceptStarter: z
    .boolean()
    .prefault(false)
    .describe('Whether whoever started the deployment may not approve of it.'),
  deadline: durationWithin(
    '1s',
    '7d',
    'How long the gate waits; not approved by then, the deployment reverts.',
  ).prefault('1d'),
});

export const approvalsSchema = z
  .array(approvalSchema)
  .max(GATES_MAX)
  .superRefine((gates, context) => {
    for (const [index, { before }] of gates.entries()) {
      if (gates.findIndex((gate) => gate.before === before) === index) continue;
      const message = `there is already a gate before ${before} %`;
      context.addIssue({ code: 'custom', path: [index, 'before'], message });
    }
  });
