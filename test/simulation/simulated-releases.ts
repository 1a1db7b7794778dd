import type { ReleaseBehaviour } from './scenario.ts';

/** The releases that meet every fault: one that is promoted, and two that turn round early and late. */
export const simulatedReleases = ['good', 'errors', 'exits'] as const satisfies ReleaseBehaviour[];
