/**
 * The way to the new releases, in the order of the protocol. What others depend on goes first, and no
 * old release is given up before every new one has all of its traffic and has been looked at once more.
 */
import type { Outline } from './outline.ts';
import type { Step } from './plan.ts';
import { scoped } from './scoped.ts';
import { serviceSteps, type ServiceSteps } from './service-steps.ts';

const TOGETHER: readonly (keyof ServiceSteps)[] = [
  'prepare',
  'bringIn',
  'confirm',
  'settle',
  'retire',
];

export function forwardSteps(outlines: readonly Outline[]): readonly Step[] {
  const ways = outlines.map((outline) => ({ outline, steps: serviceSteps(outline) }));
  return TOGETHER.flatMap((part) =>
    ways.flatMap(({ outline, steps }) => scoped(outline, steps[part], outlines.length > 1)),
  );
}
