/**
 * The way to the new releases, in the order of the protocol. What others depend on goes first, and no
 * old release is given up before every new one has all of its traffic and has been looked at once more.
 */
import type { Outline } from './outline.ts';
import type { Step } from './plan.ts';
import { serviceSteps, type ServiceSteps } from './service-steps.ts';
import { together } from './together.ts';

const PARTS: readonly (keyof ServiceSteps)[] = [
  'validate',
  'secure',
  'prepare',
  'migrate',
  'bringIn',
  'confirm',
  'settle',
  'retire',
];

export function forwardSteps(outlines: readonly Outline[]): readonly Step[] {
  return together(PARTS, outlines, serviceSteps);
}
